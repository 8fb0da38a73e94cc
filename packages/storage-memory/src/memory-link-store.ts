import type { LinkStore, SyncLink } from '@igny8/core'
import { compareAndSet } from './compare-and-set.ts'
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
    list: (query) => pageOf(links.allOf('integration', [query.integrationId, query.kind]), query, byExternalId),
    count: (filter) => links.allOf('integration', [filter.integrationId, filter.kind]).length,
    listLeastRecentlyVerified(integrationId, limit) {
      const alive = links.allOf('integration', [integrationId, 'content']).filter((link) => link.deletedAt === null)
      return firstOf(alive, limit, byVerification)
    },
    insert: (rows) => rows.forEach(links.insert),
    update: (link, expectedVersion) => compareAndSet(links, link, expectedVersion),
    remove: (integrationId, kind, localId) => links.remove([integrationId, kind, localId]),
  }
}

const byExternalId: Order<SyncLink> = { name: 'links', key: (link) => [link.externalId] }

/** What was never compared comes first. */
const byVerification: Order<SyncLink> = {
  name: 'links:verified',
  key: (link) => [link.verifiedAt?.getTime() ?? Number.NEGATIVE_INFINITY, link.localId],
}
