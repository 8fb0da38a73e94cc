import type { SyncEvent, SyncEventFilter, SyncEventStore } from '@igny8/core'
import type { AccountScope } from './account-scope.ts'
import { encodeInstant } from './column-codecs.ts'
import { byInstant, byText, type Order } from './page-of.ts'
import { readCount, readPage, rowCount } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { insertRows } from './write-rows.ts'

const table = tables.sync_events

export function createSyncEventStore(scope: AccountScope): SyncEventStore {
  const from = scope.builder.selectFrom('sync_events').where('account_id', '=', scope.account)

  function matching({ integrationId, contentId, runId, status, since }: SyncEventFilter) {
    let query = from
    if (integrationId !== undefined) query = query.where('integration_id', '=', encodeText(integrationId))
    if (contentId !== undefined) query = query.where('content_id', '=', encodeText(contentId))
    if (runId !== undefined) query = query.where('run_id', '=', encodeText(runId))
    if (status !== undefined) query = query.where('status', '=', status)
    return since === undefined ? query : query.where('created_at', '>=', encodeInstant(since))
  }

  return {
    append: async (events) => insertRows(scope, 'sync_events', table, events),
    list: async (page) =>
      readPage(scope, { query: matching(page).selectAll(), page, order: newestFirst, decode: table.decode }),
    count: async (filter) => readCount(scope, matching(filter).select(rowCount)),
  }
}

const newestFirst: Order<SyncEvent> = {
  name: 'events',
  columns: [byInstant('created_at', (row) => row.createdAt), byText('id', (row) => row.id)],
  direction: 'desc',
}
