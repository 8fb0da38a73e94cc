import { notFound } from '../errors/not-found.ts'
import type { SyncRun } from '../model/sync-run.ts'
import type { AccountContext } from '../ports/account-context.ts'

/** The spec's status endpoint, with progress. */
export interface SyncStatus {
  readonly status: 'idle' | 'syncing' | 'error'
  readonly lastSyncAt: Date | null
  readonly error: string | null
  /** The newest run, running or ended. */
  readonly run: SyncRun | null
}

/** The spec's health metrics. */
export interface SyncHealth {
  readonly totalSyncedPosts: number
  readonly lastSuccessfulSync: Date | null
  /** Failed events of the last 30 days. */
  readonly failedSyncCount: number
  /** Approved contents and edits that the site does not have yet, and changes there that we were told of. */
  readonly pendingItems: number
  readonly openConflicts: number
}

const healthWindowMs = 30 * 24 * 3_600_000

export async function readSyncStatus(context: AccountContext, integrationId: string): Promise<SyncStatus> {
  const integration = await context.storage.integrations.get(integrationId)
  if (integration === undefined || integration.removedAt !== null) throw notFound('integration', integrationId)
  const runs = await context.storage.runs.list({ integrationId, limit: 1 })
  const { syncStatus, syncError, lastSyncAt } = integration
  const status = syncStatus === 'syncing' || syncStatus === 'error' ? syncStatus : 'idle'
  return { status, lastSyncAt, error: syncError, run: runs.items[0] ?? null }
}

export async function readSyncHealth(context: AccountContext, integrationId: string): Promise<SyncHealth> {
  const { storage, clock } = context
  const integration = await storage.integrations.get(integrationId)
  if (integration === undefined || integration.removedAt !== null) throw notFound('integration', integrationId)
  const since = new Date(clock.now().getTime() - healthWindowMs)
  const { siteId } = integration
  const [totalSyncedPosts, failedSyncCount, approved, edited, openConflicts, dirty] = await Promise.all([
    storage.links.count({ integrationId, kind: 'content', state: 'living' }),
    storage.events.count({ integrationId, status: 'failed', since }),
    storage.content.count({ siteId, status: 'approved' }),
    storage.content.count({ siteId, status: 'published', pendingChanges: true }),
    storage.conflicts.count({ integrationId, status: 'open' }),
    storage.webhooks.listDirty(integrationId, 500),
  ])
  return {
    totalSyncedPosts,
    lastSuccessfulSync: integration.lastSyncAt,
    failedSyncCount,
    pendingItems: approved + edited + dirty.length,
    openConflicts,
  }
}
