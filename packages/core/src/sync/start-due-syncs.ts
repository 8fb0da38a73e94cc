import { describeFailure } from '../errors/describe-failure.ts'
import type { SyncRun } from '../model/sync-run.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { SystemStorage } from '../ports/system-storage.ts'
import { waitingPhase } from './run-integration.ts'
import { newSyncRun } from './run-progress.ts'

const mostAtOnce = 100
/** Runs looked at to tell how often a site failed in a row. */
const remembered = 8

/**
 * Stores a run for every integration that is due, and moves each on to its next time in the same transaction: two processes start one run, and times that passed while
 * nobody looked make one run together. Returns the runs, for workers to be woken.
 */
export async function startDueSyncs(input: {
  readonly system: Pick<SystemStorage, 'listDueIntegrations'>
  readonly now: Date
  contextOf(accountId: string): AccountContext
}): Promise<readonly SyncRun[]> {
  const runs: SyncRun[] = []
  for (const { accountId, integrationId } of await input.system.listDueIntegrations(input.now, mostAtOnce)) {
    const context = input.contextOf(accountId)
    try {
      const run = await startDue(context, integrationId)
      if (run !== undefined) runs.push(run)
    } catch (error) {
      context.logger.warn('A scheduled sync waits for the next sweep.', { integrationId, ...describeFailure(error) })
    }
  }
  return runs
}

async function startDue(context: AccountContext, integrationId: string): Promise<SyncRun | undefined> {
  const { storage, clock } = context
  const seen = await storage.integrations.get(integrationId)
  if (seen === undefined) return undefined
  const newest = (await storage.runs.list({ integrationId, limit: remembered })).items
  const nextSyncAt = await context.planSync(seen, countFailures(newest))
  return storage.transaction(async (stores) => {
    const now = clock.now()
    const integration = await stores.integrations.get(integrationId)
    if (integration === undefined || integration.nextSyncAt === null || integration.nextSyncAt > now) return undefined
    const version = integration.version + 1
    await stores.integrations.update({ ...integration, nextSyncAt, version, updatedAt: now }, integration.version)
    const isPaused =
      integration.pausedReason !== null && (integration.pausedUntil === null || integration.pausedUntil > now)
    // One that waits for its turn may be older than what ended since.
    const { items } = await stores.runs.list({ integrationId, limit: remembered })
    if (!integration.syncEnabled || isPaused || items.some((run) => run.status === 'running')) return undefined
    const kind = { kind: 'sync', trigger: 'schedule', actor: 'schedule', phase: waitingPhase } as const
    const run = newSyncRun(context, { ...kind, id: context.newId(), integrationId })
    await stores.runs.insert(run)
    return run
  })
}

/** How many of the newest runs failed before one did not; those that are under way are passed over. */
function countFailures(newestFirst: readonly SyncRun[]): number {
  const ended = newestFirst.filter((run) => run.status !== 'running')
  const firstGood = ended.findIndex((run) => run.status !== 'failed')
  return firstGood === -1 ? ended.length : firstGood
}
