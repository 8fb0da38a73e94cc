import type { ContentTaxonomy, TaxonomyFilter, TaxonomyStore } from '@igny8/core'
import type { AccountScope } from './account-scope.ts'
import { byText, type Order } from './page-of.ts'
import { readCount, readNamed, readPage, readRow, rowCount } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { compareAndSet, insertRows } from './write-rows.ts'

const table = tables.taxonomies

export function createTaxonomyStore(scope: AccountScope): TaxonomyStore {
  const from = scope.builder.selectFrom('taxonomies').where('account_id', '=', scope.account)
  const all = from.selectAll()

  function matching({ siteId, type, name, includeRemoved }: TaxonomyFilter) {
    let query = from
    if (siteId !== undefined) query = query.where('site_id', '=', encodeText(siteId))
    if (type !== undefined) query = query.where('type', '=', encodeText(type))
    if (name !== undefined) query = query.where('name_folded', '=', encodeText(name.toLowerCase()))
    return includeRemoved === true ? query : query.where('removed_at', 'is', null)
  }

  return {
    get: async (taxonomyId) => readRow(scope, table, all.where('id', '=', encodeText(taxonomyId))),
    getMany: async (taxonomyIds) => readNamed(scope, table, all, 'id', taxonomyIds),
    list: async (page) =>
      readPage(scope, { query: matching(page).selectAll(), page, order: byName, decode: table.decode }),
    count: async (filter) => readCount(scope, matching(filter).select(rowCount)),
    insert: async (taxonomies) => insertRows(scope, 'taxonomies', table, taxonomies),
    update: async (taxonomy, expectedVersion) => compareAndSet(scope, 'taxonomies', table, taxonomy, expectedVersion),
  }
}

const byName: Order<ContentTaxonomy> = {
  name: 'taxonomies',
  columns: [byText('name', (row) => row.name), byText('id', (row) => row.id)],
}
