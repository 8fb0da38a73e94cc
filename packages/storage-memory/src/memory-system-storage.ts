import type {
  EnvelopeReference,
  IntegrationReference,
  SiteReference,
  StoredIntegration,
  SyncEvent,
  SystemStorage,
} from '@igny8/core'
import { envelopesOf, envelopesOfRow } from './memory-envelopes.ts'
import { firstOf, type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTable } from './memory-table.ts'
import type { MemoryTables, SharedIndexes } from './memory-tables.ts'
import { isDue } from './memory-webhook-store.ts'

/** Reads across the accounts that were ever bound. */
export function createMemorySystemStorage(
  accounts: ReadonlyMap<string, MemoryTables>,
  { integrationsById, integrationsByUrl }: SharedIndexes,
): Synchronous<SystemStorage> {
  const ofAll = <Row>(rowsOf: (tables: MemoryTables) => Row | readonly Row[]): Row[] =>
    [...accounts.values()].flatMap(rowsOf)

  return {
    findIntegrationsByUrls: (platform, externalSiteUrls) =>
      inUse([...new Set(externalSiteUrls)].flatMap((url) => integrationsByUrl.allOf([platform, url]))),
    findIntegrationsById: (integrationId) => inUse(integrationsById.allOf(integrationId)),
    listDirtyIntegrations(now, limit) {
      const hinted = ofAll(({ integrations, dirtyItems }) =>
        integrations.all().flatMap((integration) => {
          if (!mayWork(integration, now)) return []
          const due = dirtyItems.allOf('integration', integration.id).filter((item) => isDue(item, now))
          const oldest = Math.min(...due.map((item) => item.dirtySince.getTime()))
          return due.length === 0 ? [] : { integration, oldest }
        }),
      )
      const order = ({ integration, oldest }: (typeof hinted)[number]) => [
        oldest,
        integration.accountId,
        integration.id,
      ]
      return firstOf(hinted, limit, { key: order }).map(({ integration }) => referenceTo(integration))
    },
    listDueIntegrations(now, limit) {
      const due = ofAll(({ integrations }) => integrations.all().filter((integration) => isDueToSync(integration, now)))
      return firstOf(due, limit, byDueTime).map(referenceTo)
    },
    listSilentRuns(heartbeatBefore, limit) {
      const running = ofAll(({ runs }) => runs.allOf('status', 'running'))
      const silent = running.filter((run) => run.heartbeatAt < heartbeatBefore)
      return firstOf(silent, limit, { key: (run) => [run.heartbeatAt.getTime(), run.accountId, run.id] }).map(
        ({ accountId, integrationId, id }) => ({ accountId, integrationId, runId: id }),
      )
    },
    listOpenUsage(reservedBefore, limit) {
      const open = ofAll(({ aiUsage }) =>
        aiUsage.all().filter((usage) => usage.status === 'reserved' && usage.createdAt < reservedBefore),
      )
      const key = (usage: (typeof open)[number]) => [usage.createdAt.getTime(), usage.accountId, usage.id]
      return firstOf(open, limit, { key }).map(({ accountId, id }) => ({ accountId, usageId: id }))
    },
    listSitesToPublish(now, limit, after) {
      const sites = [...accounts].flatMap(([accountId, { wakes }]) =>
        wakes.all().flatMap(({ siteId, dueAt }) => (dueAt > now ? [] : [{ accountId, siteId }])),
      )
      const isAfter = ({ accountId, siteId }: SiteReference) =>
        after === undefined || accountId > after.accountId || (accountId === after.accountId && siteId > after.siteId)
      return firstOf(sites.filter(isAfter), limit, { key: ({ accountId, siteId }) => [accountId, siteId] })
    },
    listOutbox: (limit) =>
      // Sorting keeps the order of writing where times are equal.
      firstOf(
        ofAll(({ outbox }) => outbox.all()),
        limit,
        { key: (event) => [event.createdAt.getTime()] },
      ),
    removeFromOutbox(eventIds) {
      for (const { outbox } of accounts.values()) eventIds.forEach(outbox.remove)
    },
    removeHistory(before, limit) {
      let removed = 0
      for (const { events, runs } of accounts.values()) {
        removed += removeOld(events, limit, before, ({ createdAt }) => createdAt, eventSubject)
        removed += removeOld(
          runs,
          limit,
          before,
          ({ finishedAt }) => finishedAt,
          ({ integrationId }) => integrationId,
        )
      }
      return removed
    },
    listEnvelopes(query) {
      const references = [...accounts].flatMap(([accountId, tables]) =>
        envelopesOf(tables).map(({ row, field, envelope }) => ({ accountId, row, field, envelope })),
      )
      return pageOf(references, query, byPlace)
    },
    replaceEnvelope({ accountId, row, field, envelope }, next) {
      const tables = accounts.get(accountId)
      const slots = tables === undefined ? [] : envelopesOfRow(tables, row)
      const slot = slots.find((candidate) => candidate.field === field && candidate.envelope === envelope)
      slot?.replace(next)
      return slot !== undefined
    },
  }
}

const inUse = (integrations: readonly StoredIntegration[]): IntegrationReference[] =>
  integrations.filter(({ removedAt }) => removedAt === null).map(referenceTo)

const referenceTo = ({ accountId, id }: StoredIntegration): IntegrationReference => ({ accountId, integrationId: id })

const mayWork = ({ isActive, removedAt, pausedReason, pausedUntil }: StoredIntegration, now: Date): boolean =>
  isActive && removedAt === null && (pausedReason === null || (pausedUntil !== null && pausedUntil <= now))

const isDueToSync = ({ isActive, removedAt, nextSyncAt }: StoredIntegration, now: Date): boolean =>
  isActive && removedAt === null && nextSyncAt !== null && nextSyncAt <= now

const byDueTime: Pick<Order<StoredIntegration>, 'key'> = {
  key: ({ nextSyncAt, accountId, id }) => [nextSyncAt?.getTime() ?? 0, accountId, id],
}

const byPlace: Order<EnvelopeReference> = {
  name: 'envelopes',
  key: ({ accountId, row, field }) => [accountId, row, field],
}

const eventSubject = ({ integrationId, contentId }: SyncEvent): string | null =>
  contentId === null ? null : JSON.stringify([integrationId, contentId])

/** Removes the oldest rows that ended before an instant, except the newest of each subject. */
function removeOld<Row extends { readonly id: string }>(
  table: Pick<MemoryTable<Row>, 'all' | 'remove'>,
  limit: number,
  before: Date,
  endOf: (row: Row) => Date | null,
  subjectOf: (row: Row) => string | null,
): number {
  const ended = table.all().flatMap((row) => {
    const end = endOf(row)
    return end === null ? [] : [{ row, time: end.getTime() }]
  })
  ended.sort((left, right) => left.time - right.time || (left.row.id < right.row.id ? -1 : 1))
  const newest = new Map(ended.map(({ row }) => [subjectOf(row), row.id]))
  newest.delete(null)
  const kept = new Set(newest.values())
  const old = ended.filter(({ row, time }) => time < before.getTime() && !kept.has(row.id)).slice(0, limit)
  for (const { row } of old) table.remove(row.id)
  return old.length
}
