import type { ContentHistoryStore, ContentVersion } from '@igny8/core'
import { sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import { encodeInstant } from './column-codecs.ts'
import { byInteger, checkLimit, type Order } from './page-of.ts'
import { isOneOf, readPage, readRow, readRows } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { insertNew, runSql } from './write-rows.ts'

const table = tables.content_versions

export function createContentHistoryStore(scope: AccountScope): ContentHistoryStore {
  const all = scope.builder.selectFrom('content_versions').selectAll().where('account_id', '=', scope.account)
  const ofContent = (contentId: string) => all.where('content_id', '=', encodeText(contentId))
  return {
    async append(versions) {
      const rows = versions.map((version) => table.encode(scope.accountId, version))
      await scope.session.write(async (connection) => {
        if (rows.length > 0) await runSql(scope, connection, insertNew(scope, 'content_versions', table, rows))
      })
    },
    get: async (contentId, version) =>
      readRow(scope, table, ofContent(contentId).where('version', '=', String(version))),
    list: async (contentId, page) =>
      readPage(scope, { query: ofContent(contentId), page, order: newestFirst, decode: table.decode }),
    async listSince(contentIds, since, limit) {
      checkLimit(limit)
      const place = sql<string>`row_number() over (partition by content_id order by version desc)`.as('place')
      const recent = all
        .select(place)
        .where(isOneOf('content_id', contentIds))
        .where('created_at', '>=', encodeInstant(since))
      const newest = scope.builder.selectFrom(recent.as('recent')).selectAll().where('place', '<=', String(limit))
      return readRows(scope, table, newest.orderBy('content_id').orderBy('version', 'desc'))
    },
  }
}

const newestFirst: Order<ContentVersion> = {
  name: 'history',
  columns: [byInteger(sql.ref('version'), (row) => row.version)],
  direction: 'desc',
}
