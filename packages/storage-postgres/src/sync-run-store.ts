import type { SyncRun, SyncRunStore } from '@igny8/core'
import { sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import { byInstant, byText, type Order } from './page-of.ts'
import { readPage, readRow } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { insertRows, replaceRow } from './write-rows.ts'

const table = tables.sync_runs

export function createSyncRunStore(scope: AccountScope): SyncRunStore {
  const all = scope.builder.selectFrom('sync_runs').selectAll().where('account_id', '=', scope.account)
  return {
    get: async (runId) => readRow(scope, table, all.where('id', '=', encodeText(runId))),
    list: async ({ integrationId, ...page }) => {
      const query = all.where('integration_id', '=', encodeText(integrationId))
      return readPage(scope, { query, page, order: newestFirst, decode: table.decode })
    },
    insert: async (run) => insertRows(scope, 'sync_runs', table, [run]),
    async update(run) {
      const encoded = table.encode(scope.accountId, run)
      return scope.session.write((connection) =>
        replaceRow(scope, 'sync_runs', table, encoded, connection, sql`stored.status = 'running'`),
      )
    },
  }
}

const newestFirst: Order<SyncRun> = {
  name: 'runs',
  columns: [byInstant('started_at', (row) => row.startedAt), byText('id', (row) => row.id)],
  direction: 'desc',
}
