import type { Content, ContentFilter, ContentQuery, ContentStore } from '@igny8/core'
import { sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import { encodeInstant, flag } from './column-codecs.ts'
import { byInstant, byText, type Order } from './page-of.ts'
import { readCount, readNamed, readPage, readRow, rowCount } from './read-rows.ts'
import { replaceRows } from './replace-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { compareAndSet, insertRows } from './write-rows.ts'

const table = tables.contents

export function createContentStore(scope: AccountScope): ContentStore {
  const from = scope.builder.selectFrom('contents').where('account_id', '=', scope.account)
  const all = from.selectAll()

  function matching({ siteId, type, status, origin, pendingChanges, search, includeRemoved }: ContentFilter) {
    let query = from
    if (siteId !== undefined) query = query.where('site_id', '=', encodeText(siteId))
    if (type !== undefined) query = query.where('type', '=', encodeText(type))
    if (status !== undefined) query = query.where('status', '=', status)
    if (origin !== undefined) query = query.where('origin', '=', origin)
    if (pendingChanges !== undefined) query = query.where('pending_changes', '=', flag.encode(pendingChanges))
    if (search !== undefined)
      query = query.where(sql<boolean>`strpos(title_folded, ${encodeText(search.toLowerCase())}) > 0`)
    return includeRemoved === true ? query : query.where('removed_at', 'is', null)
  }

  return {
    get: async (contentId) => readRow(scope, table, all.where('id', '=', encodeText(contentId))),
    getMany: async (contentIds) => readNamed(scope, table, all, 'id', contentIds),
    list: async (page) =>
      readPage(scope, { query: matching(page).selectAll(), page, order: orderOf(page), decode: table.decode }),
    count: async (filter) => readCount(scope, matching(filter).select(rowCount)),
    insert: async (contents) => insertRows(scope, 'contents', table, contents),
    update: async (content, expectedVersion) => compareAndSet(scope, 'contents', table, content, expectedVersion),
    updateMany: async (changes) => replaceRows(scope, 'contents', table, changes),
    listChangedSince: async ({ since, ...page }) => {
      const query = all.where('updated_at', '>', encodeInstant(since))
      return readPage(scope, { query, page, order: byChange, decode: table.decode })
    },
  }
}

const byId = byText<Content>('id', (row) => row.id)

const sortColumns = {
  createdAt: byInstant<Content>('created_at', (row) => row.createdAt),
  updatedAt: byInstant<Content>('updated_at', (row) => row.updatedAt),
  title: byText<Content>('title', (row) => row.title),
} as const

function orderOf({ sort, direction }: ContentQuery): Order<Content> {
  return { name: `contents:${sort}:${direction}`, columns: [sortColumns[sort], byId], direction }
}

const byChange: Order<Content> = { name: 'contents:changed', columns: [sortColumns.updatedAt, byId] }
