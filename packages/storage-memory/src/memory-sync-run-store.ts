import type { SyncRun, SyncRunStore } from '@igny8/core'
import { type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemorySyncRunStore({ runs }: MemoryTables): Synchronous<SyncRunStore> {
  return {
    get: (runId) => runs.get(runId),
    list: (query) => pageOf(runs.allOf('integration', query.integrationId), query, newestFirst),
    insert: (run) => runs.insert(run),
    update: (run) => runs.setIf(run, (stored) => stored?.status === 'running'),
  }
}

const newestFirst: Order<SyncRun> = {
  name: 'runs',
  key: (run) => [run.startedAt.getTime(), run.id],
  direction: 'desc',
}
