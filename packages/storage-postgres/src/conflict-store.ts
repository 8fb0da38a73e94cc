import type { Conflict, ConflictFilter, ConflictStore } from '@igny8/core'
import type { AccountScope } from './account-scope.ts'
import { byInstant, byText, type Order } from './page-of.ts'
import { readCount, readNamed, readPage, readRow, rowCount } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { alreadyThere, compareAndSet, insertRows, replaceUnlessTaken } from './write-rows.ts'

const table = tables.conflicts

export function createConflictStore(scope: AccountScope): ConflictStore {
  const from = scope.builder.selectFrom('conflicts').where('account_id', '=', scope.account)
  const all = from.selectAll()
  const open = (integrationId: string, contentId: string) =>
    all
      .where('integration_id', '=', encodeText(integrationId))
      .where('content_id', '=', encodeText(contentId))
      .where('status', '=', 'open')

  function matching({ integrationId, contentId, status }: ConflictFilter) {
    let query = from
    if (integrationId !== undefined) query = query.where('integration_id', '=', encodeText(integrationId))
    if (contentId !== undefined) query = query.where('content_id', '=', encodeText(contentId))
    return status === undefined ? query : query.where('status', '=', status)
  }

  return {
    get: async (conflictId) => readRow(scope, table, all.where('id', '=', encodeText(conflictId))),
    findOpen: async (integrationId, contentId) => readRow(scope, table, open(integrationId, contentId)),
    listOpen: async (integrationId, contentIds) =>
      readNamed(
        scope,
        table,
        all.where('integration_id', '=', encodeText(integrationId)).where('status', '=', 'open'),
        'content_id',
        contentIds,
      ),
    list: async (page) =>
      readPage(scope, { query: matching(page).selectAll(), page, order: oldestFirst, decode: table.decode }),
    count: async (filter) => readCount(scope, matching(filter).select(rowCount)),
    insert: async (conflict) => insertRows(scope, 'conflicts', table, [conflict]),
    update: async (conflict, expectedVersion) =>
      conflict.status === 'open'
        ? replaceUnlessTaken(scope, 'conflicts', table, conflict, expectedVersion, {
            holder: open(conflict.integrationId, conflict.contentId).where('id', '<>', encodeText(conflict.id)),
            taken: () => alreadyThere(table.label),
          })
        : compareAndSet(scope, 'conflicts', table, conflict, expectedVersion),
  }
}

const oldestFirst: Order<Conflict> = {
  name: 'conflicts',
  columns: [byInstant('created_at', (row) => row.createdAt), byText('id', (row) => row.id)],
}
