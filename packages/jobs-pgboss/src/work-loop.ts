import { setImmediate } from 'node:timers/promises'
import type { JsonObject } from '@igny8/core'
import { type Clock, Igny8Error, type JobHandler, type Logger } from '@igny8/core'
import { attemptJob, type CompleteJobDefinition, describeDeath, describeFailure } from '@igny8/core/adapter-kit'
import type { Job, PgBoss } from 'pg-boss'
import { createSettler } from './settle-jobs.ts'

/** Works the jobs of one name in this process. */
export interface WorkLoop {
  /** Looks for jobs at once. */
  wake(): void
  active(): number
  /** Resolves when no job runs and all are settled; nothing new begins once the loop drains. */
  idle(): Promise<void>
}

export interface WorkLoopOptions {
  readonly boss: PgBoss
  readonly definition: () => CompleteJobDefinition
  readonly handler: JobHandler
  readonly clock: Clock
  readonly logger: Logger
  /** The pause between two looks where nobody wakes it. */
  readonly pollMs: number
  /** Aborts when nothing new may begin. */
  readonly draining: AbortSignal
  /** Aborts when what runs must end. */
  readonly stopping: AbortSignal
}

/** How often a process says that its jobs are alive: twice within the time after which they are given to others. */
const heartbeatEveryMs = 4_000

interface ActiveJob {
  readonly job: Job<JsonObject>
  readonly lost: AbortController
}

/**
 * Starts the loop. As soon as a slot is free it fetches as many jobs as slots are free, and what has ended is settled together: pg-boss's own workers
 * either wait for the slowest job of a batch, or fetch and settle one job at a time.
 */
export function startWorkLoop(options: WorkLoopOptions): WorkLoop {
  const { boss, definition, handler, clock, logger, pollMs, draining, stopping } = options
  const { name } = definition()
  const active = new Map<string, ActiveJob>()
  const settler = createSettler({ boss, name, clock, logger })
  let waking = new AbortController()
  let woken = false
  let fetching: Promise<void> = Promise.resolve()

  function wake(): void {
    if (woken) return
    woken = true
    waking.abort('woken')
  }

  async function work(entry: ActiveJob): Promise<void> {
    const { job, lost } = entry
    const attempt = job.retryCount + 1
    const { attempts, expireMs } = definition()
    const outcome = await attemptJob({
      handler,
      data: job.data,
      attempt,
      expireMs,
      clock,
      signals: [stopping, lost.signal],
      heartbeat: () => touch([entry], true),
    })
    active.delete(job.id)
    wake()
    if (outcome.succeeded) return settler.complete(job)
    const fields = { job: name, attempt, attempts, ...describeFailure(outcome.error) }
    if (outcome.deaf) logger.error('A job does not end although its time is over.', fields)
    if (lost.signal.aborted) return logger.warn('A job was given to another worker.', fields)
    if (stopping.aborted) {
      logger.warn('A job was interrupted by the stop.', fields)
      return settler.putBack(job)
    }
    if (attempt < attempts) logger.warn('A job failed and is tried again.', fields)
    else logger.error('A job failed for good.', fields)
    settler.fail(job, describeDeath(outcome.error))
  }

  async function fetchOnce(): Promise<boolean> {
    const free = definition().concurrency - active.size
    if (free <= 0) return false
    const jobs = await boss.fetch<JsonObject>(name, { batchSize: free })
    for (const job of jobs) {
      const entry = { job, lost: new AbortController() }
      active.set(job.id, entry)
      void work(entry)
    }
    return jobs.length > 0
  }

  async function loop(): Promise<void> {
    while (!draining.aborted) {
      woken = false
      waking = new AbortController()
      // Jobs that end in the same turn free their slots together: one look for all of them, instead of one for each.
      await setImmediate()
      if (draining.aborted) return
      const look = fetchOnce().catch((error: unknown) => {
        logger.warn('Jobs could not be fetched.', { job: name, ...describeFailure(error) })
        return false
      })
      fetching = look.then(() => undefined)
      const found = await look
      // Where a look found jobs, more may be there; the next one waits for a free slot all the same.
      const again = found && active.size < definition().concurrency
      if (!woken && !again) await clock.wait(pollMs, AbortSignal.any([waking.signal, draining])).catch(() => undefined)
    }
  }

  /** Says that jobs are alive, and hears which are not ours any more. */
  async function touch(entries: readonly ActiveJob[], strictly: boolean): Promise<void> {
    const touched = (await boss.touch(
      name,
      entries.map(({ job: { id, retryCount } }) => ({ id, retryCount })),
    )) as { settled?: readonly string[] }
    for (const { job, lost } of entries) {
      if (touched.settled === undefined || touched.settled.includes(job.id)) continue
      lost.abort(leaseLost())
      if (strictly) throw leaseLost()
    }
  }

  async function beat(): Promise<void> {
    while (!stopping.aborted) {
      await clock.wait(heartbeatEveryMs, stopping).catch(() => undefined)
      if (active.size === 0) continue
      await touch([...active.values()], false).catch((error: unknown) =>
        logger.warn('Jobs could not be kept alive.', { job: name, ...describeFailure(error) }),
      )
    }
  }

  void loop()
  void beat()
  return {
    wake,
    active: () => active.size,
    async idle() {
      await fetching
      while (active.size > 0) {
        woken = false
        waking = new AbortController()
        await clock.wait(60_000, waking.signal).catch(() => undefined)
      }
      await settler.idle()
    },
  }
}

function leaseLost(): Igny8Error {
  return new Igny8Error({
    code: 'LEASE_LOST',
    message: 'The job was given to another worker.',
    hint: 'Nothing to do: it is worked there. If it happens often, the process is stalled for seconds at a time.',
    retryable: false,
    effect: 'unknown',
  })
}
