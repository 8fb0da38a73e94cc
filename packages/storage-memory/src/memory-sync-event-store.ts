import type { SyncEvent, SyncEventFilter, SyncEventStore } from '@igny8/core'
import { type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemorySyncEventStore({ events }: MemoryTables): Synchronous<SyncEventStore> {
  function matching(filter: SyncEventFilter): SyncEvent[] {
    const { integrationId, contentId, runId, status, since } = filter
    const rows = integrationId === undefined ? events.all() : events.allOf('integration', integrationId)
    return rows.filter(
      (row) =>
        (contentId === undefined || row.contentId === contentId) &&
        (runId === undefined || row.runId === runId) &&
        (status === undefined || row.status === status) &&
        (since === undefined || row.createdAt >= since),
    )
  }
  return {
    append: (rows) => rows.forEach(events.insert),
    list: (query) => pageOf(matching(query), query, newestFirst),
    count: (filter) => matching(filter).length,
  }
}

const newestFirst: Order<SyncEvent> = {
  name: 'events',
  key: (event) => [event.createdAt.getTime(), event.id],
  direction: 'desc',
}
