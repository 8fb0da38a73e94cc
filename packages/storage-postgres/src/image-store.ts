import type { Image, ImageFilter, ImageStore } from '@igny8/core'
import type { AccountScope } from './account-scope.ts'
import { byInstant, byText, type Order } from './page-of.ts'
import { readCount, readNamed, readPage, readRow, rowCount } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { compareAndSet, insertRows } from './write-rows.ts'

const table = tables.images

export function createImageStore(scope: AccountScope): ImageStore {
  const from = scope.builder.selectFrom('images').where('account_id', '=', scope.account)
  const all = from.selectAll()
  const matching = ({ siteId }: ImageFilter) =>
    siteId === undefined ? from : from.where('site_id', '=', encodeText(siteId))
  return {
    get: async (imageId) => readRow(scope, table, all.where('id', '=', encodeText(imageId))),
    getMany: async (imageIds) => readNamed(scope, table, all, 'id', imageIds),
    list: async (page) =>
      readPage(scope, { query: matching(page).selectAll(), page, order: oldestFirst, decode: table.decode }),
    count: async (filter) => readCount(scope, matching(filter).select(rowCount)),
    insert: async (images) => insertRows(scope, 'images', table, images),
    update: async (image, expectedVersion) => compareAndSet(scope, 'images', table, image, expectedVersion),
  }
}

const oldestFirst: Order<Image> = {
  name: 'images',
  columns: [byInstant('created_at', (row) => row.createdAt), byText('id', (row) => row.id)],
}
