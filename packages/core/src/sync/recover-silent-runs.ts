import { describeFailure } from '../errors/describe-failure.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { SyncRun } from '../model/sync-run.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { SystemStorage } from '../ports/system-storage.ts'
import { finish, waitingPhase } from './run-integration.ts'
import type { BackgroundRuns } from './sync-api.ts'

/** A site whose sync ended so often in a row with its process may be what ends it: it waits for its next time. */
const mostInterruptions = 3

/**
 * Ends runs whose process died, so that nothing stays in `syncing` longer than its lease, has the site synchronised again at once where it is by itself, and wakes
 * runs that nobody has begun. One that fails keeps no other waiting. Returns how many of either.
 */
export async function recoverSilentRuns(input: {
  readonly system: Pick<SystemStorage, 'listSilentRuns'>
  readonly now: Date
  readonly leaseMs: number
  contextOf(accountId: string): AccountContext
  backgroundOf(accountId: string): BackgroundRuns
}): Promise<number> {
  const { system, now, leaseMs, contextOf, backgroundOf } = input
  // A run that lives may be silent for long; its lease tells.
  const silent = await system.listSilentRuns(new Date(now.getTime() - leaseMs), 100)
  let recovered = 0
  for (const { accountId, integrationId, runId } of silent) {
    const context = contextOf(accountId)
    try {
      if (await recover(context, { integrationId, runId, now, leaseMs }, backgroundOf(accountId))) recovered++
    } catch (error) {
      const subject = { integrationId, runId }
      context.logger.warn('A run whose process died waits for the next sweep.', {
        ...subject,
        ...describeFailure(error),
      })
    }
  }
  return recovered
}

async function recover(
  context: AccountContext,
  silent: { readonly integrationId: string; readonly runId: string; readonly now: Date; readonly leaseMs: number },
  background: BackgroundRuns,
): Promise<boolean> {
  const { integrationId, runId, now, leaseMs } = silent
  const { leases, runs } = context.storage
  const lease = await leases.acquire({ key: `sync:${integrationId}`, owner: runId, now, ttlMs: leaseMs })
  if (lease === undefined) return false
  const run = await runs.get(runId)
  const isSilent = run?.status === 'running'
  if (isSilent && run.phase === waitingPhase) {
    await runs.update({ ...run, heartbeatAt: now })
    await background.wake(run)
  } else if (isSilent) {
    await finish(context, run, interrupted())
    await makeDue(context, run)
  }
  await leases.release(lease)
  return isSilent
}

/** What the run left half done is not to wait for the next regular time; where there is none, its pushes are. Losing this to another writer costs time only. */
async function makeDue(context: AccountContext, { integrationId }: SyncRun): Promise<void> {
  const newest = (await context.storage.runs.list({ integrationId, limit: mostInterruptions })).items
  const isRepeated = newest.length === mostInterruptions && newest.every((run) => run.errorCode === 'SYNC_INTERRUPTED')
  const integration = await context.storage.integrations.get(integrationId)
  const now = context.clock.now()
  if (integration === undefined || isRepeated) return
  if (integration.nextSyncAt === null || !integration.syncEnabled) return context.resumePushesAt(integrationId, now)
  const version = integration.version + 1
  await context.storage.integrations.update(
    { ...integration, nextSyncAt: now, version, updatedAt: now },
    integration.version,
  )
}

function interrupted(): Igny8Error {
  return new Igny8Error({
    code: 'SYNC_INTERRUPTED',
    message: 'The process that synchronised this site ended before it was done.',
    hint: 'A site that is synchronised by itself goes on at once where it stood; else start the sync again.',
    retryable: true,
  })
}
