import { createHash } from 'node:crypto'
import { settleAbandonedUsage } from './ai/settle-abandoned-usage.ts'
import { describeFailure } from './errors/describe-failure.ts'
import { Igny8Error } from './errors/igny8-error.ts'
import { readCronTimes } from './jobs/cron-times.ts'
import type { StoredIntegration } from './model/site-integration.ts'
import { nextSyncTime } from './model/sync-schedule.ts'
import type { Timing } from './model/timing.ts'
import type { AccountContext } from './ports/account-context.ts'
import type { Clock } from './ports/clock.ts'
import type { JobQueue } from './ports/job-queue.ts'
import type { Logger } from './ports/logger.ts'
import type { Storage } from './ports/storage.ts'
import type { IntegrationReference, SiteReference } from './ports/system-storage.ts'
import type { Tracer } from './ports/tracer.ts'
import { type PublishParts, publishDue } from './publishing/publish-due.ts'
import { recoverSilentRuns } from './sync/recover-silent-runs.ts'
import { resumePushes } from './sync/resume-pushes.ts'
import { startDueSyncs } from './sync/start-due-syncs.ts'
import { type BackgroundRuns, workWaitingRun } from './sync/sync-api.ts'
import { workDirtyItems } from './sync/work-dirty-items.ts'
import { inSpan } from './trace-calls.ts'

/** What one look at everything that is due did. */
export interface DueReport {
  readonly eventsDelivered: number
  readonly runsRecovered: number
  /** Integrations whose scheduled sync was started, or done at once where no jobs are worked. */
  readonly syncsStarted: number
  /** Integrations that webhooks told of: woken, or brought up to date at once where no jobs are worked. */
  readonly integrationsHinted: number
  /** Sites with something to publish that were looked at: woken, or worked at once where no jobs are. */
  readonly sitesPublished: number
  /** Old sync events and runs that were forgotten; looked for once an hour. */
  readonly historyRemoved: number
  /** AI usage that a process left behind, settled by its upper estimate. */
  readonly usageSettled: number
}

/** Everything that happens without being asked for. */
export interface Background {
  runsOf(accountId: string): BackgroundRuns
  /** Tells the workers that webhooks flagged items of an integration. */
  wakeHinted(integration: IntegrationReference): Promise<void>
  /** Has interrupted pushes of an integration taken up again at an instant. Losing the word costs time only: the next sync takes them up too. */
  resumePushesAt(integration: IntegrationReference, at: Date): Promise<void>
  /** Has pushes that begin now taken up again when their leases are over, should this process die: said before, as nobody can say it afterwards. */
  foreseePushes(integration: IntegrationReference): Promise<void>
  /** Every part is done, also where another one fails; then the first failure is thrown. */
  runDue(): Promise<DueReport>
  start(): Promise<void>
}

const historyEveryMs = 3_600_000

/** Defines the jobs of core. A job is a wake-up: what is to be done stands in the storage. No I/O. */
export function createBackground(parts: {
  readonly storage: Storage
  readonly jobs: JobQueue
  readonly clock: Clock
  readonly logger: Logger
  readonly timing: Timing
  readonly stopped: AbortSignal
  readonly tracer: Tracer | undefined
  readonly historyDays: number | null
  contextOf(accountId: string): AccountContext
  publishPartsOf(accountId: string, signal: AbortSignal): PublishParts
  deliver(): Promise<number>
}): Background {
  const { storage, jobs, clock, logger, stopped, contextOf } = parts
  let isStarted = false
  jobs.define({ name: 'igny8.sweep', attempts: 1, concurrency: 1, serial: true })
  jobs.define({ name: 'igny8.sync', attempts: 1 })
  jobs.define({ name: 'igny8.webhook', attempts: 1 })
  jobs.define({ name: 'igny8.publish', attempts: 1, serial: true })
  // Nothing but the job knows of them until the next sync.
  jobs.define({ name: 'igny8.resume', attempts: 3 })

  const isWorked = () => isStarted || jobs.capabilities.durable

  const runsOf = (accountId: string): BackgroundRuns => ({
    assertStarted() {
      const isOver = stopped.aborted && !jobs.capabilities.durable
      if (isOver || !isWorked()) throw notStarted(isOver)
    },
    async wake(run) {
      await jobs.enqueue({ name: 'igny8.sync', key: run.integrationId, data: { accountId, runId: run.id } })
    },
  })

  const wakeHinted = async ({ accountId, integrationId }: IntegrationReference): Promise<void> =>
    void (await jobs.enqueue({ name: 'igny8.webhook', key: integrationId, data: { accountId, integrationId } }))

  const workRun = (accountId: string, runId: string, signal = stopped) =>
    workWaitingRun(contextOf(accountId), runId, AbortSignal.any([signal, stopped]))

  const workHinted = (accountId: string, integrationId: string, signal = stopped) =>
    workDirtyItems(contextOf(accountId), integrationId, AbortSignal.any([signal, stopped]))

  /** Wakes a worker, or does the work where there is none: a host driven by cron has no other moment than this one. */
  async function wakeOrWork(
    wake: () => Promise<void>,
    work: () => Promise<void>,
    subject: Readonly<Record<string, string>>,
  ): Promise<void> {
    if (isWorked()) return wake()
    await work().catch((error: unknown) =>
      logger.warn('A site waits for the next sweep.', { ...subject, ...describeFailure(error) }),
    )
  }

  async function sweepSyncs(): Promise<number> {
    const runs = await startDueSyncs({ system: storage.system, now: clock.now(), contextOf })
    for (const run of runs) {
      const { accountId, id, integrationId } = run
      await wakeOrWork(
        () => runsOf(accountId).wake(run),
        () => workRun(accountId, id),
        { integrationId },
      )
    }
    return runs.length
  }

  async function sweepHinted(): Promise<number> {
    const hinted = await storage.system.listDirtyIntegrations(clock.now(), 100)
    for (const reference of hinted) {
      const { accountId, integrationId } = reference
      await wakeOrWork(
        () => wakeHinted(reference),
        () => workHinted(accountId, integrationId),
        { integrationId },
      )
    }
    return hinted.length
  }

  const workSite = async ({ accountId, siteId }: SiteReference, signal = stopped): Promise<void> => {
    const working = AbortSignal.any([signal, stopped])
    await publishDue(contextOf(accountId), parts.publishPartsOf(accountId, working), siteId)
  }

  async function sweepQueues(): Promise<number> {
    let looked = 0
    for (let after: SiteReference | undefined; !stopped.aborted; ) {
      const sites = await storage.system.listSitesToPublish(clock.now(), 100, after)
      for (const site of sites) {
        const { accountId, siteId } = site
        await wakeOrWork(
          async () => void (await jobs.enqueue({ name: 'igny8.publish', key: siteId, data: { accountId, siteId } })),
          () => workSite(site),
          { siteId },
        )
      }
      looked += sites.length
      after = sites.at(-1)
      if (sites.length < 100) break
    }
    return looked
  }

  let historyLookedAt = Number.NEGATIVE_INFINITY

  /** A thousand rows of each at a time, so that no transaction is long. */
  async function sweepHistory(): Promise<number> {
    const now = clock.now().getTime()
    if (parts.historyDays === null || now - historyLookedAt < historyEveryMs) return 0
    historyLookedAt = now
    const before = new Date(now - parts.historyDays * 24 * 3_600_000)
    let removed = 0
    for (let left = 1; left > 0 && !stopped.aborted; removed += left)
      left = await storage.system.removeHistory(before, 1_000)
    return removed
  }

  /** Does one part of what is due. Where it fails, the others are still done: what stands in its way may stand there for long. */
  async function look(sweep: keyof DueReport, work: () => Promise<number>, failures: unknown[]): Promise<number> {
    try {
      return await work()
    } catch (error) {
      if (!stopped.aborted)
        logger.warn('A part of what is due waits for the next sweep.', { sweep, ...describeFailure(error) })
      failures.push(error)
      return 0
    }
  }

  async function runDue(): Promise<DueReport> {
    const { system } = storage
    const { leaseMs } = parts.timing
    const failures: unknown[] = []
    const report: DueReport = {
      runsRecovered: await look(
        'runsRecovered',
        () => recoverSilentRuns({ system, now: clock.now(), leaseMs, contextOf, backgroundOf: runsOf }),
        failures,
      ),
      syncsStarted: await look('syncsStarted', sweepSyncs, failures),
      integrationsHinted: await look('integrationsHinted', sweepHinted, failures),
      sitesPublished: await look('sitesPublished', sweepQueues, failures),
      usageSettled: await look(
        'usageSettled',
        () => settleAbandonedUsage({ system, clock, logger, contextOf }),
        failures,
      ),
      historyRemoved: await look('historyRemoved', sweepHistory, failures),
      eventsDelivered: await look('eventsDelivered', parts.deliver, failures),
    }
    if (failures.length > 0) throw failures[0]
    return report
  }

  /** A process often starts where another has just died: what that one held is free when its leases are over. */
  async function recoverPredecessor(): Promise<void> {
    await clock
      .wait(parts.timing.leaseMs + 1, stopped)
      .then(runDue)
      .catch((error: unknown) => stopped.aborted || logger.warn('The next sweep looks again.', describeFailure(error)))
  }

  async function resumePushesAt({ accountId, integrationId }: IntegrationReference, at: Date): Promise<void> {
    const data = { accountId, integrationId }
    await jobs.enqueue({ name: 'igny8.resume', key: integrationId, startAfter: at, data })
  }

  const work: JobQueue['work'] = (name, handler) =>
    jobs.work(name, (data, context) =>
      inSpan(parts.tracer, `job ${name}`, { 'igny8.job.attempt': context.attempt }, () => handler(data, context)),
    )

  return {
    runsOf,
    wakeHinted,
    resumePushesAt,
    async foreseePushes(integration) {
      if (!jobs.capabilities.durable) return
      await resumePushesAt(integration, new Date(clock.now().getTime() + parts.timing.leaseMs))
    },
    runDue,
    async start() {
      await storage.migrate()
      isStarted = true
      await work('igny8.sweep', async () => void (await runDue()))
      await work('igny8.sync', ({ accountId, runId }, { signal }) => workRun(String(accountId), String(runId), signal))
      await work('igny8.webhook', ({ accountId, integrationId }, { signal }) =>
        workHinted(String(accountId), String(integrationId), signal),
      )
      await work('igny8.publish', ({ accountId, siteId }, { signal }) =>
        workSite({ accountId: String(accountId), siteId: String(siteId) }, signal),
      )
      await work('igny8.resume', ({ accountId, integrationId }, { signal }) =>
        resumePushes(contextOf(String(accountId)), String(integrationId), AbortSignal.any([signal, stopped])),
      )
      await jobs.schedule('igny8.sweep', { everyMs: parts.timing.sweepEveryMs, data: {} })
      // What fails is told by the log, and looked at again by the next sweep: it keeps no process from starting.
      await runDue().catch(() => undefined)
      void recoverPredecessor()
    },
  }
}

/** Plans the next scheduled sync of an integration. Sites of one schedule are spread by their ids. Throws `INVALID_INPUT` for a cron expression that cannot be read. */
export async function planSync(
  clock: Clock,
  integration: Pick<StoredIntegration, 'id' | 'config'>,
  failures = 0,
): Promise<Date> {
  const { schedule } = integration.config
  const cronTimes = 'cron' in schedule ? await readCronTimes(schedule.cron, schedule.timezone) : (after: Date) => after
  const share = createHash('sha256').update(integration.id).digest().readUInt32BE() / 2 ** 32
  return nextSyncTime({ schedule, now: clock.now(), failures, share, cronTimes })
}

function notStarted(isOver: boolean): Igny8Error {
  return new Igny8Error({
    code: 'NOT_STARTED',
    message: 'Background work needs a started instance.',
    hint: isOver
      ? 'This one was stopped: create a new one with createIgny8, and start it.'
      : 'Call await igny8.start() first, or use sync.run, which works at once.',
  })
}
