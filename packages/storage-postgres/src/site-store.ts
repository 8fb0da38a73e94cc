import type { SiteStore, StoredSite } from '@igny8/core'
import type { AccountScope } from './account-scope.ts'
import { byInstant, byText, type Order } from './page-of.ts'
import { readCount, readPage, readRow, rowCount } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { compareAndSet, insertRows } from './write-rows.ts'

const table = tables.sites

export function createSiteStore(scope: AccountScope): SiteStore {
  const from = scope.builder.selectFrom('sites').where('account_id', '=', scope.account)
  const all = from.selectAll()
  return {
    get: async (siteId) => readRow(scope, table, all.where('id', '=', encodeText(siteId))),
    findByUrl: async (url) =>
      readRow(scope, table, all.where('url', '=', encodeText(url)).orderBy('created_at').orderBy('id').limit(1)),
    list: async (page) => readPage(scope, { query: all, page, order: oldestFirst, decode: table.decode }),
    count: async () => readCount(scope, from.select(rowCount)),
    insert: async (site) => insertRows(scope, 'sites', table, [site]),
    update: async (site, expectedVersion) => compareAndSet(scope, 'sites', table, site, expectedVersion),
  }
}

const oldestFirst: Order<StoredSite> = {
  name: 'sites',
  columns: [byInstant('created_at', (row) => row.createdAt), byText('id', (row) => row.id)],
}
