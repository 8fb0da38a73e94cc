import type {
  Content,
  ContentFilter,
  ContentHistoryStore,
  ContentQuery,
  ContentStore,
  ContentVersion,
} from '@igny8/core'
import { compareAndSet, compareAndSetMany } from './compare-and-set.ts'
import { firstOf, type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryContentStore({ contents }: MemoryTables): Synchronous<ContentStore> {
  function matching(filter: ContentFilter): Content[] {
    const rows = filter.siteId === undefined ? contents.all() : contents.allOf('site', filter.siteId)
    const search = filter.search?.toLowerCase()
    return rows.filter(
      (row) =>
        (filter.type === undefined || row.type === filter.type) &&
        (filter.status === undefined || row.status === filter.status) &&
        (filter.origin === undefined || row.origin === filter.origin) &&
        (filter.pendingChanges === undefined || row.pendingChanges === filter.pendingChanges) &&
        (search === undefined || row.title.toLowerCase().includes(search)) &&
        (filter.includeRemoved === true || row.removedAt === null),
    )
  }
  return {
    get: (contentId) => contents.get(contentId),
    getMany: (contentIds) => contents.getMany(contentIds),
    list: (query) => pageOf(matching(query), query, orderOf(query)),
    count: (filter) => matching(filter).length,
    insert: (rows) => rows.forEach(contents.insert),
    update: (content, expectedVersion) => compareAndSet(contents, content, expectedVersion),
    updateMany: (changes) => compareAndSetMany(contents, changes, (content) => content.id),
    listChangedSince(query) {
      const changed = contents.all().filter((row) => row.updatedAt > query.since)
      return pageOf(changed, query, byChange)
    },
  }
}

export function createMemoryContentHistoryStore({ history }: MemoryTables): Synchronous<ContentHistoryStore> {
  return {
    append(versions) {
      for (const version of versions) history.setIf(version, (stored) => stored === undefined)
    },
    get: (contentId, version) => history.get([contentId, version]),
    list: (contentId, query) => pageOf(history.allOf('content', contentId), query, byVersion),
    listSince: (contentIds, since, limit) =>
      [...new Set(contentIds)].flatMap((contentId) => {
        const recent = history.allOf('content', contentId).filter(({ createdAt }) => createdAt >= since)
        return firstOf(recent, limit, { key: ({ version }) => [-version] })
      }),
  }
}

function orderOf({ sort, direction }: ContentQuery): Order<Content> {
  const sortValue = (content: Content) => (sort === 'title' ? content.title : content[sort].getTime())
  return { name: `contents:${sort}:${direction}`, key: (content) => [sortValue(content), content.id], direction }
}

const byChange: Order<Content> = {
  name: 'contents:changed',
  key: (content) => [content.updatedAt.getTime(), content.id],
}

const byVersion: Order<ContentVersion> = {
  name: 'history',
  key: (version) => [version.version],
  direction: 'desc',
}
