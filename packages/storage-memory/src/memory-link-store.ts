import type { LinkFilter, LinkStore, SyncLink } from '@igny8/core'
import { alreadyThere, compareAndSet, compareAndSetMany } from './compare-and-set.ts'
import { firstOf, type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryLinkStore({ links }: MemoryTables): Synchronous<LinkStore> {
  return {
    findByLocalIds: (integrationId, kind, localIds) =>
      links.getMany(localIds.map((localId) => [integrationId, kind, localId])),
    findByExternalIds: (integrationId, kind, externalIds) =>
      [...new Set(externalIds)].flatMap(
        (externalId) => links.find('external', [integrationId, kind, externalId]) ?? [],
      ),
    listOfLocal: (kind, localId) => links.allOf('local', [kind, localId]),
    list(query) {
      const found = links.allOf('integration', [query.integrationId, query.kind]).filter(fits(query))
      return pageOf(found, query, byExternalId)
    },
    count: (filter) => links.allOf('integration', [filter.integrationId, filter.kind]).filter(fits(filter)).length,
    listLeastRecentlyVerified(integrationId, limit) {
      const alive = links.allOf('integration', [integrationId, 'content']).filter((link) => link.deletedAt === null)
      return firstOf(alive, limit, byVerification)
    },
    markSeen(integrationId, externalIds, seenAt) {
      for (const externalId of externalIds) {
        const link = links.find('external', [integrationId, 'content', externalId])
        if (link !== undefined) links.set({ ...link, seenAt })
      }
    },
    listUnseen({ integrationId, externalType, before, limit }) {
      const unseen = links
        .allOf('integration', [integrationId, 'content'])
        .filter((link) => link.deletedAt === null && link.externalType === externalType)
        .filter((link) => link.seenAt === null || link.seenAt < before)
      return firstOf(unseen, limit, byLocalId)
    },
    insert: (rows) => rows.forEach(links.insert),
    update: (link, expectedVersion) => compareAndSet(links, link, expectedVersion),
    updateMany(changes) {
      const externalKeys = changes.map(({ row }) => JSON.stringify(externalKeyOf(row)))
      if (new Set(externalKeys).size < changes.length) throw alreadyThere('links')
      for (const { row, expectedVersion } of changes) {
        if (links.get(keyOf(row))?.version !== expectedVersion) continue
        const holder = links.find('external', externalKeyOf(row))
        if (holder !== undefined && holder.localId !== row.localId) throw alreadyThere('links')
      }
      return compareAndSetMany(links, changes, keyOf)
    },
    remove: (integrationId, kind, localId) => links.remove([integrationId, kind, localId]),
  }
}

const keyOf = ({ integrationId, kind, localId }: SyncLink) => [integrationId, kind, localId]
const externalKeyOf = ({ integrationId, kind, externalId }: SyncLink) => [integrationId, kind, externalId]

const fits = (filter: LinkFilter) => (link: SyncLink) =>
  (filter.externalType === undefined || link.externalType === filter.externalType) &&
  (filter.state === undefined || (link.deletedAt === null) === (filter.state === 'living')) &&
  (filter.deletedSince === undefined || (link.deletedAt !== null && link.deletedAt >= filter.deletedSince))

const byLocalId: Order<SyncLink> = { name: 'links:unseen', key: (link) => [link.localId] }

const byExternalId: Order<SyncLink> = { name: 'links', key: (link) => [link.externalId] }

/** What was never compared comes first. */
const byVerification: Order<SyncLink> = {
  name: 'links:verified',
  key: (link) => [link.verifiedAt?.getTime() ?? Number.NEGATIVE_INFINITY, link.localId],
}
