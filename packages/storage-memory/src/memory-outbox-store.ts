import type { OutboxStore } from '@igny8/core'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryOutboxStore({ outbox }: MemoryTables): Synchronous<OutboxStore> {
  return { append: (events) => events.forEach(outbox.insert) }
}
