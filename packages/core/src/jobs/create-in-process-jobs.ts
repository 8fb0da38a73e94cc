import PQueue from 'p-queue'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { Clock } from '../ports/clock.ts'
import type { JobDefinition, JobHandler, JobInput, JobQueue } from '../ports/job-queue.ts'
import type { Logger } from '../ports/logger.ts'
import type { RandomSource } from '../ports/random.ts'

interface DefinedJob {
  readonly definition: Required<JobDefinition>
  readonly queue: PQueue
  readonly waitingKeys: Set<string>
  handler: JobHandler | undefined
}

/** Jobs of this process, on p-queue. They are gone with it: the sweep of `runDue` finds what they were to do. */
export function createInProcessJobs(options: {
  readonly clock: Clock
  readonly random: RandomSource
  readonly logger: Logger
}): JobQueue {
  const { clock, random, logger } = options
  const jobs = new Map<string, DefinedJob>()
  const stopping = new AbortController()
  const schedules = new Map<string, AbortController>()

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
    for (let attempt = 1; attempt <= attempts && !stopping.signal.aborted; attempt++) {
      try {
        await job.handler?.(input.data, { attempt, signal: stopping.signal, heartbeat: async () => undefined })
        return
      } catch (error) {
        logger.warn('A job failed.', {
          job: name,
          attempt,
          attempts,
          error: error instanceof Error ? error.message : 'unknown',
        })
        if (attempt < attempts)
          await clock.wait(jitter(random, backoffMs * 2 ** (attempt - 1)), stopping.signal).catch(() => undefined)
      }
    }
  }

  async function enqueue(input: JobInput): Promise<boolean> {
    const job = defined(input.name)
    if (stopping.signal.aborted || job.handler === undefined) return false
    if (input.key !== undefined) {
      if (job.waitingKeys.has(input.key)) return false
      job.waitingKeys.add(input.key)
    }
    const delayMs = (input.startAfter?.getTime() ?? 0) - clock.now().getTime()
    const delayed = delayMs > 0 ? clock.wait(delayMs, stopping.signal) : Promise.resolve()
    void delayed.then(
      () =>
        job.queue.add(() => {
          if (input.key !== undefined) job.waitingKeys.delete(input.key)
          return attemptAll(job, input)
        }),
      () => undefined,
    )
    return true
  }

  return {
    capabilities: { durable: false, transactional: false },
    define(definition) {
      const complete = { attempts: 5, backoffMs: 1_000, concurrency: 2, ...definition }
      jobs.set(definition.name, {
        definition: complete,
        queue: new PQueue({ concurrency: complete.concurrency }),
        waitingKeys: new Set(),
        handler: undefined,
      })
    },
    enqueue,
    async work(name, handler) {
      defined(name).handler = handler
    },
    async schedule(name, { everyMs, data }) {
      defined(name)
      schedules.get(name)?.abort()
      const ended = new AbortController()
      schedules.set(name, ended)
      const signal = AbortSignal.any([ended.signal, stopping.signal])
      void (async () => {
        while (!signal.aborted) {
          await clock.wait(everyMs, signal)
          await enqueue({ name, data, key: `schedule:${name}` })
        }
      })().catch(() => undefined)
    },
    async stop({ drainMs = 30_000 } = {}) {
      for (const ended of schedules.values()) ended.abort()
      for (const job of jobs.values()) job.queue.clear()
      const drained = Promise.all([...jobs.values()].map((job) => job.queue.onIdle()))
      const deadline = new AbortController()
      await Promise.race([drained, clock.wait(drainMs, deadline.signal).catch(() => undefined)])
      deadline.abort()
      stopping.abort(
        new Igny8Error({
          code: 'STOPPED',
          message: 'The SDK is stopping.',
          hint: 'Start again: the work goes on where it stood.',
          retryable: true,
        }),
      )
      await drained
    },
  }
}

/** Between half and the whole. */
function jitter(random: RandomSource, ms: number): number {
  const [first = 0, second = 0] = random.bytes(2)
  return Math.round(ms * (0.5 + (first * 256 + second) / 131_072))
}
