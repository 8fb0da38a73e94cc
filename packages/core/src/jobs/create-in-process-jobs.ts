import PQueue from 'p-queue'
import { describeFailure } from '../errors/describe-failure.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { Clock } from '../ports/clock.ts'
import type { JobDefinition, JobHandler, JobInput, JobQueue } from '../ports/job-queue.ts'
import type { Logger } from '../ports/logger.ts'
import type { RandomSource } from '../ports/random.ts'

interface DefinedJob {
  definition: Required<JobDefinition>
  /** Paused until somebody works the job: what is enqueued before waits. */
  readonly queue: PQueue
  readonly waitingKeys: Set<string>
  handler: JobHandler | undefined
  /** Ends the timer of the schedule. */
  schedule: AbortController | undefined
  scheduledRuns: boolean
}

/** How long jobs may take to end after their signal aborted. */
const abortedMs = 5_000

/** Jobs of this process, on p-queue. They are gone with it: the sweep of `runDue` finds what they were to do. */
export function createInProcessJobs(options: {
  readonly clock: Clock
  readonly random: RandomSource
  readonly logger: Logger
}): JobQueue {
  const { clock, random, logger } = options
  const jobs = new Map<string, DefinedJob>()
  /** Nothing new begins. */
  const draining = new AbortController()
  /** What runs is told to end. */
  const stopping = new AbortController()
  let stopped: Promise<void> | undefined

  function defined(name: string): DefinedJob {
    const job = jobs.get(name)
    if (job !== undefined) return job
    throw new Igny8Error({
      code: 'INVALID_INPUT',
      message: `No job is defined under the name "${name}".`,
      hint: 'Call define first.',
    })
  }

  async function attemptAll(job: DefinedJob, input: JobInput): Promise<void> {
    const { attempts, backoffMs, name } = job.definition
    for (let attempt = 1; !draining.signal.aborted; attempt++) {
      try {
        await job.handler?.(input.data, { attempt, signal: stopping.signal, heartbeat: async () => undefined })
        return
      } catch (error) {
        const fields = { job: name, attempt, attempts, ...describeFailure(error) }
        if (stopping.signal.aborted) return logger.warn('A job was interrupted by the stop.', fields)
        if (attempt >= attempts) return logger.error('A job failed for good.', fields)
        logger.warn('A job failed and is tried again.', fields)
        const pauseMs = jitter(random, backoffMs * 2 ** (attempt - 1))
        await clock.wait(pauseMs, draining.signal).catch(() => undefined)
      }
    }
  }

  /** Resolves when the job has ended, whatever came of it. */
  async function run(job: DefinedJob, input: JobInput): Promise<void> {
    const delayMs = (input.startAfter?.getTime() ?? 0) - clock.now().getTime()
    if (delayMs > 0) await clock.wait(delayMs, draining.signal)
    await job.queue.add(() => {
      if (input.key !== undefined) job.waitingKeys.delete(input.key)
      return attemptAll(job, input)
    })
  }

  function add(input: JobInput): { readonly ended: Promise<void> } | undefined {
    const job = defined(input.name)
    if (draining.signal.aborted || (input.key !== undefined && job.waitingKeys.has(input.key))) return undefined
    if (input.key !== undefined) job.waitingKeys.add(input.key)
    // It rejects only when the stop clears what waits.
    return { ended: run(job, input).catch(() => undefined) }
  }

  async function drain(drainMs: number): Promise<void> {
    draining.abort()
    for (const { queue } of jobs.values()) queue.clear()
    const drained = Promise.all([...jobs.values()].map(({ queue }) => queue.onIdle()))
    await settleWithin(clock, drained, drainMs)
    stopping.abort(
      new Igny8Error({
        code: 'STOPPED',
        message: 'The SDK is stopping.',
        hint: 'Start again: the work goes on where it stood.',
        retryable: true,
      }),
    )
    await settleWithin(clock, drained, abortedMs)
    for (const [job, { queue }] of jobs)
      if (queue.pending > 0) logger.error('A job does not end although it was aborted.', { job })
  }

  return {
    capabilities: { durable: false, transactional: false },
    define(definition) {
      const complete = { attempts: 5, backoffMs: 1_000, concurrency: 2, ...definition }
      const known = jobs.get(definition.name)
      if (known !== undefined) {
        known.definition = complete
        known.queue.concurrency = complete.concurrency
        return
      }
      jobs.set(definition.name, {
        definition: complete,
        queue: new PQueue({ concurrency: complete.concurrency, autoStart: false }),
        waitingKeys: new Set(),
        handler: undefined,
        schedule: undefined,
        scheduledRuns: false,
      })
    },
    enqueue: async (input) => add(input) !== undefined,
    async work(name, handler) {
      const job = defined(name)
      job.handler = handler
      job.queue.start()
    },
    async schedule(name, { everyMs, data }) {
      const job = defined(name)
      if (!(everyMs > 0)) throw badInterval()
      job.schedule?.abort()
      job.schedule = new AbortController()
      const signal = AbortSignal.any([job.schedule.signal, draining.signal])
      const tick = () => {
        if (job.scheduledRuns) return
        const added = add({ name, data })
        job.scheduledRuns = added !== undefined
        void added?.ended.then(() => {
          job.scheduledRuns = false
        })
      }
      void (async () => {
        for (;;) {
          await clock.wait(everyMs, signal)
          tick()
        }
      })().catch(() => undefined)
    },
    stop({ drainMs = 30_000 } = {}) {
      stopped ??= drain(drainMs)
      return stopped
    },
  }
}

/** Waits for `work`, but no longer than `ms`. */
async function settleWithin(clock: Clock, work: Promise<unknown>, ms: number): Promise<void> {
  const settled = new AbortController()
  await Promise.race([work, clock.wait(ms, settled.signal).catch(() => undefined)])
  settled.abort()
}

/** Between half and the whole. */
function jitter(random: RandomSource, ms: number): number {
  const [first = 0, second = 0] = random.bytes(2)
  return Math.round(ms * (0.5 + (first * 256 + second) / 131_072))
}

function badInterval(): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: 'everyMs: must be greater than 0.',
    hint: 'Give the interval in milliseconds.',
    details: { field: 'everyMs' },
  })
}
