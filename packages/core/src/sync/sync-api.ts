import { describeError } from '../errors/describe-error.ts'
import type { Igny8Error } from '../errors/igny8-error.ts'
import { notFound } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { SyncEvent } from '../model/sync-event.ts'
import type { SyncRun } from '../model/sync-run.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Page } from '../ports/page.ts'
import { pullIntegration } from './pull-integration.ts'
import { createPushApi, type PushApi } from './push-api.ts'
import { pushPending } from './push-pending.ts'
import {
  finish,
  listActiveIntegrations,
  loadActiveIntegration,
  type RunRequest,
  runIntegration,
  syncRunning,
  waitingPhase,
} from './run-integration.ts'
import { newSyncRun } from './run-progress.ts'
import {
  type EventsInput,
  eventsSchema,
  type HistoryInput,
  historySchema,
  type RunInput,
  runSchema,
  type SiteSyncInput,
  siteSyncSchema,
  startSchema,
  statusSchema,
} from './sync-schemas.ts'
import { readSyncHealth, readSyncStatus, type SyncHealth, type SyncStatus } from './sync-status.ts'

/** Synchronisation of one account's sites. */
export interface SyncApi extends PushApi {
  /** Brings the site's changes here and returns the ended run. Throws `SYNC_RUNNING` while another is under way, after it has waited `waitMs`. */
  pull(input: RunInput): Promise<SyncRun>
  /** Both ways: pull, then push of approved pending edits, and of what a push could not send. */
  run(input: RunInput): Promise<SyncRun>
  /**
   * The same in the background; returns the run's id at once. Follow it with `status`. The run is stored before this returns, so that it is worked
   * even where this process ends. Throws `SYNC_RUNNING` while another is under way or waits, and `NOT_STARTED`.
   */
  start(input: Omit<RunInput, 'signal' | 'waitMs'>): Promise<{ readonly runId: string }>
  /** `run` for every active integration of a site; outcomes in order, failures as errors. */
  site(input: SiteSyncInput): Promise<readonly (SyncRun | Igny8Error)[]>
  status(integrationId: string): Promise<SyncStatus>
  health(integrationId: string): Promise<SyncHealth>
  /** Newest first. */
  runs(input: HistoryInput): Promise<Page<SyncRun>>
  /** The spec's SyncEvents, newest first. */
  events(input?: EventsInput): Promise<Page<SyncEvent> & { readonly count: number }>
}

/** The workers of background runs. */
export interface BackgroundRuns {
  /** Throws `NOT_STARTED` where nobody would ever work a run. */
  assertStarted(): void
  /** Tells the workers that a run waits. Losing the word costs time only: the sweep gives it again. */
  wake(run: Pick<SyncRun, 'id' | 'integrationId'>): Promise<void>
}

export function createSyncApi(context: AccountContext, background: BackgroundRuns): SyncApi {
  const { storage } = context

  const pull = async (input: RunInput) =>
    runIntegration(context, { kind: 'pull', ...parseInput(runSchema, input) }, pullIntegration)
  const run = async (input: RunInput) => runBothWays(context, parseInput(runSchema, input))

  return {
    ...createPushApi(context),
    pull,
    run,
    async start(input) {
      const request = parseInput(startSchema, input)
      background.assertStarted()
      await loadActiveIntegration(context, request.integrationId)
      const run = newSyncRun(context, { ...request, id: context.newId(), kind: 'sync', phase: waitingPhase })
      await storage.transaction(async (stores) => {
        const [newest] = (await stores.runs.list({ integrationId: run.integrationId, limit: 1 })).items
        if (newest?.status === 'running') throw syncRunning(run.integrationId)
        await stores.runs.insert(run)
      })
      await background.wake(run)
      return { runId: run.id }
    },
    async site(input) {
      const { siteId, ...rest } = parseInput(siteSyncSchema, input)
      if ((await storage.sites.get(siteId)) === undefined) throw notFound('site', siteId)
      const outcomes: (SyncRun | Igny8Error)[] = []
      for (const integrationId of await listActiveIntegrations(context, siteId)) {
        outcomes.push(await run({ integrationId, ...rest }).catch((error: unknown) => describeError(error)))
      }
      return outcomes
    },
    status: async (integrationId) => readSyncStatus(context, parseInput(statusSchema, { integrationId }).integrationId),
    health: async (integrationId) => readSyncHealth(context, parseInput(statusSchema, { integrationId }).integrationId),
    runs: async (input) => storage.runs.list(parseInput(historySchema, input)),
    async events(input = {}) {
      const query = parseInput(eventsSchema, input)
      const [page, count] = await Promise.all([storage.events.list(query), storage.events.count(query)])
      return { ...page, count }
    },
  }
}

/** One run of both directions. */
function runBothWays(context: AccountContext, request: Omit<RunRequest, 'kind'>): Promise<SyncRun> {
  return runIntegration(context, { ...request, kind: 'sync' }, async (sync) => {
    await pullIntegration(sync)
    await pushPending(sync)
  })
}

/**
 * Works a run that waits; what a background job calls, as often as it likes: a run that was begun or ended is left alone, and one whose site is busy goes on
 * waiting. Failures end on the run.
 */
export async function workWaitingRun(context: AccountContext, runId: string, signal: AbortSignal): Promise<void> {
  const waiting = await context.storage.runs.get(runId)
  if (waiting?.status !== 'running' || waiting.phase !== waitingPhase) return
  const { integrationId, trigger, actor } = waiting
  try {
    await runBothWays(context, { integrationId, trigger, actor, waiting, signal })
  } catch (error) {
    const failure = describeError(error, 'REMOTE_FAILED')
    const stands = await context.storage.runs.get(runId)
    const isUnbegun = stands?.status === 'running' && stands.phase === waitingPhase
    if (isUnbegun && failure.code !== 'SYNC_RUNNING') await finish(context, stands, failure)
  }
}
