import type { Conflict, ConflictFilter, ConflictStore } from '@igny8/core'
import { compareAndSet } from './compare-and-set.ts'
import { type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryConflictStore({ conflicts }: MemoryTables): Synchronous<ConflictStore> {
  const matching = (filter: ConflictFilter) =>
    conflicts
      .all()
      .filter(
        (row) =>
          (filter.integrationId === undefined || row.integrationId === filter.integrationId) &&
          (filter.contentId === undefined || row.contentId === filter.contentId) &&
          (filter.status === undefined || row.status === filter.status),
      )
  return {
    get: (conflictId) => conflicts.get(conflictId),
    findOpen: (integrationId, contentId) => conflicts.find('open', [integrationId, contentId]),
    listOpen: (integrationId, contentIds) =>
      [...new Set(contentIds)].flatMap((contentId) => conflicts.find('open', [integrationId, contentId]) ?? []),
    list: (query) => pageOf(matching(query), query, oldestFirst),
    count: (filter) => matching(filter).length,
    insert: (conflict) => conflicts.insert(conflict),
    update: (conflict, expectedVersion) => compareAndSet(conflicts, conflict, expectedVersion),
  }
}

const oldestFirst: Order<Conflict> = {
  name: 'conflicts',
  key: (conflict) => [conflict.createdAt.getTime(), conflict.id],
}
