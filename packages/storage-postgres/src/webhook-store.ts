import type { WebhookStore } from '@igny8/core'
import { sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import { encodeInstant } from './column-codecs.ts'
import { checkLimit } from './page-of.ts'
import { readRows } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { insertNew, runSql, tableOf } from './write-rows.ts'

const deliveries = tables.webhook_deliveries
const items = tables.dirty_items

export function createWebhookStore(scope: AccountScope): WebhookStore {
  const { account, builder, session } = scope
  const flagged = (integrationId: string) =>
    builder
      .selectFrom('dirty_items')
      .selectAll()
      .where('account_id', '=', account)
      .where('integration_id', '=', encodeText(integrationId))
      .orderBy('dirty_since')
      .orderBy('external_id')

  return {
    async record(delivery) {
      const { integrationId, externalId, externalType, receivedAt } = delivery
      const row = deliveries.encode(scope.accountId, delivery)
      const flag = { integrationId, externalId, externalType, dirtySince: receivedAt, retryAt: null }
      const [integration, external, type, since] = items.encode(scope.accountId, flag)
      // Both in one statement: a webhook is what costs a host most, by its number.
      const recording = sql`with recorded as (${insertNew(scope, 'webhook_deliveries', deliveries, [row])} returning 1)
        insert into ${tableOf(scope, 'dirty_items')} as stored
        (account_id, integration_id, external_id, external_type, dirty_since, retry_at)
        select ${account}, ${integration}, ${external}, ${type}, ${since}::timestamptz, null from recorded
        on conflict (account_id, integration_id, external_id) do update set external_type = excluded.external_type,
          dirty_since = greatest(excluded.dirty_since, stored.dirty_since + interval '1 millisecond'), retry_at = null`
      const { affected } = await session.write((connection) => runSql(scope, connection, recording))
      return affected === 0 ? 'duplicate' : 'recorded'
    },
    async listDirty(integrationId, limit) {
      checkLimit(limit)
      return readRows(scope, items, flagged(integrationId).limit(limit))
    },
    async listDueDirty(integrationId, now, limit) {
      checkLimit(limit)
      const due = flagged(integrationId).where((where) =>
        where.or([where('retry_at', 'is', null), where('retry_at', '<=', encodeInstant(now))]),
      )
      return readRows(scope, items, due.limit(limit))
    },
    async postponeDirty(integrationId, externalId, dirtySince, retryAt) {
      const postponing = builder
        .updateTable('dirty_items')
        .set({ retry_at: encodeInstant(retryAt) })
        .where('account_id', '=', account)
        .where('integration_id', '=', encodeText(integrationId))
        .where('external_id', '=', encodeText(externalId))
        .where('dirty_since', '<=', encodeInstant(dirtySince))
        .compile()
      await session.write((connection) => connection.run(postponing))
    },
    async clearDirty(integrationId, externalId, dirtySince) {
      const clearing = builder
        .deleteFrom('dirty_items')
        .where('account_id', '=', account)
        .where('integration_id', '=', encodeText(integrationId))
        .where('external_id', '=', encodeText(externalId))
        .where('dirty_since', '<=', encodeInstant(dirtySince))
        .compile()
      await session.write((connection) => connection.run(clearing))
    },
    async purge(integrationId, before) {
      const purging = builder
        .deleteFrom('webhook_deliveries')
        .where('account_id', '=', account)
        .where('integration_id', '=', encodeText(integrationId))
        .where('received_at', '<', encodeInstant(before))
        .compile()
      return session.write(async (connection) => (await connection.run(purging)).affected)
    },
  }
}
