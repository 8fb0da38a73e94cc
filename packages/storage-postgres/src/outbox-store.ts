import type { OutboxStore } from '@igny8/core'
import type { AccountScope } from './account-scope.ts'
import { tables } from './tables.ts'
import { insertRows } from './write-rows.ts'

export function createOutboxStore(scope: AccountScope): OutboxStore {
  return { append: async (events) => insertRows(scope, 'outbox', tables.outbox, events) }
}
