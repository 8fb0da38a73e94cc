import type { Image, ImageFilter, ImageStore } from '@igny8/core'
import { compareAndSet } from './compare-and-set.ts'
import { type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryImageStore({ images }: MemoryTables): Synchronous<ImageStore> {
  const matching = (filter: ImageFilter) =>
    filter.siteId === undefined ? images.all() : images.allOf('site', filter.siteId)
  return {
    get: (imageId) => images.get(imageId),
    getMany: (imageIds) => images.getMany(imageIds),
    list: (query) => pageOf(matching(query), query, oldestFirst),
    count: (filter) => matching(filter).length,
    insert: (rows) => rows.forEach(images.insert),
    update: (image, expectedVersion) => compareAndSet(images, image, expectedVersion),
  }
}

const oldestFirst: Order<Image> = { name: 'images', key: (image) => [image.createdAt.getTime(), image.id] }
