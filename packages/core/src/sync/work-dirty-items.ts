import { describeError } from '../errors/describe-error.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { postponeAll, pullDirty } from './pull-dirty.ts'
import { loadActiveIntegration, openSync, syncRunning } from './run-integration.ts'
import { unrecordedProgress } from './unrecorded-progress.ts'
import { withLease } from './with-lease.ts'

/** Far beyond the window in which a delivery is believed: an id that is forgotten cannot come back. */
const deliveriesKeptMs = 24 * 3_600_000

/** The integration may not be worked on now, or somebody else does. Its items stay dirty. */
const notNow = new Set<string>([
  ...['NOT_FOUND', 'INTEGRATION_INACTIVE', 'INTEGRATION_PAUSED', 'SYNC_RUNNING'],
  ...['LEASE_LOST', 'CANCELLED', 'STOPPED'],
])

/**
 * Brings the dirty items of an integration up to date; what a background job calls, as often as it likes. A failure of the site is logged as a
 * SyncEvent, and what was due waits.
 *
 * Its lease is its own: a sync may run beside it, and is never refused because of it. Whoever read an item earlier than the other wrote it leaves it.
 */
export async function workDirtyItems(
  context: AccountContext,
  integrationId: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const integration = await loadActiveIntegration(context, integrationId)
    const busy = () => syncRunning(integrationId)
    await withLease(context, `webhook:${integrationId}`, signal, busy, async (lease) => {
      try {
        const progress = unrecordedProgress(context, integrationId)
        await pullDirty(await openSync(context, integration, { runId: null, actor: 'webhook', progress, ...lease }))
      } catch (error) {
        const failure = describeError(error, 'REMOTE_FAILED')
        if (lease.signal.aborted || notNow.has(failure.code)) throw failure
        await postponeAll({ account: context, integration }, failure)
      }
    })
    const now = context.clock.now().getTime()
    await context.storage.webhooks.purge(integrationId, new Date(now - deliveriesKeptMs))
  } catch (error) {
    if (!signal.aborted && !notNow.has(describeError(error).code)) throw error
  }
}
