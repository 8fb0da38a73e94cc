import { Igny8Error } from '../errors/igny8-error.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { SystemStorage } from '../ports/system-storage.ts'
import { finish, waitingPhase } from './run-integration.ts'
import type { BackgroundRuns } from './sync-api.ts'
import { leaseMs } from './with-lease.ts'

/**
 * Ends runs whose process died, so that nothing stays in `syncing` longer than its lease, and wakes those again that nobody has begun. Returns how
 * many of either.
 */
export async function recoverSilentRuns(
  system: SystemStorage,
  now: Date,
  contextOf: (accountId: string) => AccountContext,
  backgroundOf: (accountId: string) => BackgroundRuns,
): Promise<number> {
  const silent = await system.listSilentRuns(new Date(now.getTime() - 2 * leaseMs), 100)
  let recovered = 0
  for (const { accountId, integrationId, runId } of silent) {
    const context = contextOf(accountId)
    const key = `sync:${integrationId}`
    const lease = await context.storage.leases.acquire({ key, owner: runId, now, ttlMs: leaseMs })
    if (lease === undefined) continue
    const run = await context.storage.runs.get(runId)
    if (run?.status === 'running') {
      if (run.phase === waitingPhase) {
        await context.storage.runs.update({ ...run, heartbeatAt: now })
        await backgroundOf(accountId).wake(run)
      } else await finish(context, run, interrupted())
      recovered++
    }
    await context.storage.leases.release(lease)
  }
  return recovered
}

function interrupted(): Igny8Error {
  return new Igny8Error({
    code: 'SYNC_INTERRUPTED',
    message: 'The process that synchronised this site ended before it was done.',
    hint: 'Start the sync again: it goes on where it stood.',
    retryable: true,
  })
}
