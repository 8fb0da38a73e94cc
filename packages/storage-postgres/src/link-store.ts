import type { LinkFilter, LinkKind, LinkStore, SyncLink } from '@igny8/core'
import { sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import { encodeInstant } from './column-codecs.ts'
import { byText, checkLimit, type Order } from './page-of.ts'
import { isOneOf, readCount, readNamed, readPage, readRows, rowCount } from './read-rows.ts'
import { replaceRows } from './replace-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { alreadyThere, insertRows, replaceUnlessTaken } from './write-rows.ts'

const table = tables.links

export function createLinkStore(scope: AccountScope): LinkStore {
  const from = scope.builder.selectFrom('links').where('account_id', '=', scope.account)
  const of = (integrationId: string, kind: LinkKind) =>
    from.where('integration_id', '=', encodeText(integrationId)).where('kind', '=', encodeText(kind))
  const allOf = (integrationId: string, kind: LinkKind) => of(integrationId, kind).selectAll()

  function matching({ integrationId, kind, externalType, state, deletedSince }: LinkFilter) {
    let query = of(integrationId, kind)
    if (externalType !== undefined) query = query.where('external_type', '=', encodeText(externalType))
    if (state !== undefined) query = query.where('deleted_at', state === 'living' ? 'is' : 'is not', null)
    return deletedSince === undefined ? query : query.where('deleted_at', '>=', encodeInstant(deletedSince))
  }

  return {
    findByLocalIds: async (integrationId, kind, localIds) =>
      readNamed(scope, table, allOf(integrationId, kind), 'local_id', localIds),
    findByExternalIds: async (integrationId, kind, externalIds) =>
      readNamed(scope, table, allOf(integrationId, kind), 'external_id', externalIds),
    listOfLocal: async (kind, localId) =>
      readRows(
        scope,
        table,
        from.selectAll().where('local_id', '=', encodeText(localId)).where('kind', '=', encodeText(kind)),
      ),
    list: async ({ limit, cursor, ...filter }) =>
      readPage(scope, {
        query: matching(filter).selectAll(),
        page: { limit, cursor },
        order: byExternalId,
        decode: table.decode,
      }),
    count: async (filter) => readCount(scope, matching(filter).select(rowCount)),
    async listLeastRecentlyVerified(integrationId, limit) {
      checkLimit(limit)
      const living = allOf(integrationId, 'content').where('deleted_at', 'is', null)
      const oldest = living.orderBy('verified_at', (order) => order.asc().nullsFirst()).orderBy('local_id')
      return readRows(scope, table, oldest.limit(limit))
    },
    async markSeen(integrationId, externalIds, seenAt) {
      if (externalIds.length === 0) return
      const at = encodeInstant(seenAt)
      const unseen = scope.builder
        .updateTable('links')
        .set({ seen_at: at })
        .where('account_id', '=', scope.account)
        .where('integration_id', '=', encodeText(integrationId))
        .where('kind', '=', 'content')
        .where(isOneOf('external_id', externalIds))
        .where(sql<boolean>`seen_at is distinct from ${at}::timestamptz`)
        .compile()
      await scope.session.write((connection) => connection.run(unseen))
    },
    async listUnseen({ integrationId, externalType, before, limit }) {
      checkLimit(limit)
      const unseen = allOf(integrationId, 'content')
        .where('external_type', '=', encodeText(externalType))
        .where('deleted_at', 'is', null)
        .where((where) => where.or([where('seen_at', 'is', null), where('seen_at', '<', encodeInstant(before))]))
      return readRows(scope, table, unseen.orderBy('local_id').limit(limit))
    },
    insert: async (links) => insertRows(scope, 'links', table, links),
    update: async (link, expectedVersion) =>
      replaceUnlessTaken(scope, 'links', table, link, expectedVersion, {
        holder: allOf(link.integrationId, link.kind)
          .where('external_id', '=', encodeText(link.externalId))
          .where('local_id', '<>', encodeText(link.localId)),
        taken: () => alreadyThere(table.label),
      }),
    updateMany: async (changes) => replaceRows(scope, 'links', table, changes, remoteKey),
    async remove(integrationId, kind, localId) {
      const removal = scope.builder
        .deleteFrom('links')
        .where('account_id', '=', scope.account)
        .where('integration_id', '=', encodeText(integrationId))
        .where('kind', '=', encodeText(kind))
        .where('local_id', '=', encodeText(localId))
        .compile()
      await scope.session.write((connection) => connection.run(removal))
    },
  }
}

/** What is unique beside the key. */
const remoteKey = ['integration_id', 'kind', 'external_id'] as const

const byExternalId: Order<SyncLink> = { name: 'links', columns: [byText('external_id', (row) => row.externalId)] }
