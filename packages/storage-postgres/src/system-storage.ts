import type { IntegrationReference, SiteReference, SystemStorage, UsageReference } from '@igny8/core'
import { sql } from 'kysely'
import { encodeInstant } from './column-codecs.ts'
import { listEnvelopes, replaceEnvelope } from './envelopes.ts'
import { checkLimit } from './page-of.ts'
import { isOneOf } from './read-rows.ts'
import { removeHistory } from './remove-history.ts'
import type { SchemaScope } from './schema-scope.ts'
import { execute, type SqlDatabase, type SqlRow } from './sql-database.ts'
import { ownerOf } from './table.ts'
import { tables } from './tables.ts'
import { decodeText, encodeText } from './text-codec.ts'

/** What the storage of all accounts is made with. */
export interface SystemScope extends SchemaScope {
  readonly database: SqlDatabase
}

export function createSystemStorage(scope: SystemScope): SystemStorage {
  const { builder, database } = scope
  const integrations = builder.selectFrom('integrations').select(['account_id', 'id as integration_id'])
  const existing = integrations.where('removed_at', 'is', null)

  async function read<Reference>(
    query: Parameters<typeof execute>[1],
    decode: (row: SqlRow) => Reference,
  ): Promise<Reference[]> {
    const { rows } = await database.repeatable((connection) => execute(connection, query))
    return rows.map(decode)
  }

  return {
    findIntegrationsByUrls: async (platform, externalSiteUrls) =>
      read(
        existing
          .where('platform', '=', encodeText(platform))
          .where(isOneOf('external_site_url', externalSiteUrls))
          .orderBy('account_id'),
        toReference,
      ),
    findIntegrationsById: async (integrationId) =>
      read(existing.where('id', '=', encodeText(integrationId)).orderBy('account_id'), toReference),
    async listDirtyIntegrations(now, limit) {
      checkLimit(limit)
      const at = encodeInstant(now)
      const hinted = builder
        .selectFrom('dirty_items as item')
        .innerJoin('integrations as integration', (join) =>
          join
            .onRef('integration.account_id', '=', 'item.account_id')
            .onRef('integration.id', '=', 'item.integration_id'),
        )
        .select(['item.account_id', 'item.integration_id'])
        .where((where) => where.or([where('item.retry_at', 'is', null), where('item.retry_at', '<=', at)]))
        .where('integration.is_active', '=', 't')
        .where('integration.removed_at', 'is', null)
        .where((where) =>
          where.or([where('integration.paused_reason', 'is', null), where('integration.paused_until', '<=', at)]),
        )
        .groupBy(['item.account_id', 'item.integration_id'])
        .orderBy(sql`min(item.dirty_since)`)
        .orderBy('item.account_id')
        .orderBy('item.integration_id')
      return read(hinted.limit(limit), toReference)
    },
    async listDueIntegrations(now, limit) {
      checkLimit(limit)
      const due = existing.where('is_active', '=', 't').where('next_sync_at', '<=', encodeInstant(now))
      return read(due.orderBy('next_sync_at').orderBy('account_id').orderBy('id').limit(limit), toReference)
    },
    async listSilentRuns(heartbeatBefore, limit) {
      checkLimit(limit)
      const silent = builder
        .selectFrom('sync_runs')
        .select(['account_id', 'integration_id', 'id as run_id'])
        .where('status', '=', 'running')
        .where('heartbeat_at', '<', encodeInstant(heartbeatBefore))
        .orderBy('heartbeat_at')
        .orderBy('account_id')
        .orderBy('id')
      return read(silent.limit(limit), (row) => ({ ...toReference(row), runId: decodeText(row.run_id ?? '') }))
    },
    async listOpenUsage(reservedBefore, limit) {
      checkLimit(limit)
      const open = builder
        .selectFrom('ai_usage')
        .select(['account_id', 'id as usage_id'])
        .where('status', '=', 'reserved')
        .where('created_at', '<', encodeInstant(reservedBefore))
        .orderBy('created_at')
        .orderBy('account_id')
        .orderBy('id')
      return read(
        open.limit(limit),
        (row): UsageReference => ({ accountId: ownerOf(row), usageId: decodeText(row.usage_id ?? '') }),
      )
    },
    async listSitesToPublish(now, limit, after) {
      checkLimit(limit)
      const sites = builder
        .selectFrom('publishing_wakes')
        .select(['account_id', 'site_id'])
        .where('due_at', '<=', encodeInstant(now))
      const rest =
        after === undefined
          ? sites
          : sites.where(
              sql<boolean>`(account_id, site_id) > (${encodeText(after.accountId)}, ${encodeText(after.siteId)})`,
            )
      return read(
        rest.orderBy('account_id').orderBy('site_id').limit(limit),
        (row): SiteReference => ({ accountId: ownerOf(row), siteId: decodeText(row.site_id ?? '') }),
      )
    },
    async listOutbox(limit) {
      checkLimit(limit)
      const oldest = builder.selectFrom('outbox').selectAll().orderBy('created_at').orderBy(sql.ref('position'))
      return read(oldest.limit(limit), tables.outbox.decode)
    },
    async removeFromOutbox(eventIds) {
      if (eventIds.length === 0) return
      const removal = builder.deleteFrom('outbox').where(isOneOf('id', eventIds)).compile()
      await database.repeatable((connection) => connection.run(removal))
    },
    async removeHistory(before, limit) {
      checkLimit(limit)
      return removeHistory(scope, before, limit)
    },
    listEnvelopes: async (query) => listEnvelopes(scope, query),
    replaceEnvelope: async (reference, envelope) => replaceEnvelope(scope, reference, envelope),
  }
}

function toReference(row: SqlRow): IntegrationReference {
  return { accountId: ownerOf(row), integrationId: decodeText(row.integration_id ?? '') }
}
