import PQueue from 'p-queue'
import { attemptJob } from '../adapter-kit/attempt-job.ts'
import { type CompleteJobDefinition, describeDeath } from '../adapter-kit/job-inputs.ts'
import { describeFailure } from '../errors/describe-failure.ts'
import type { JsonObject } from '../model/json.ts'
import type { Clock } from '../ports/clock.ts'
import type { JobCounts, JobHandler } from '../ports/job-queue.ts'
import type { Logger } from '../ports/logger.ts'
import { createDeadJobs, type DeadJobs } from './dead-jobs.ts'

/** A job that waits or runs. */
interface LiveJob {
  readonly id: string
  readonly key: string | undefined
  data: JsonObject
  startAt: number
  /** Ends the wait for its time. */
  forward: AbortController
}

/** What is added to the jobs of a name. */
export interface NewJob {
  readonly data: JsonObject
  readonly key: string | undefined
  readonly startAfter: Date | undefined
}

/** The jobs of one name in this process. */
export interface NamedJobs {
  definition(): CompleteJobDefinition
  redefine(definition: CompleteJobDefinition): void
  /** Whether it was added. */
  add(job: NewJob): boolean
  /** Adds a job beside one that waits under its key. */
  addAnew(job: NewJob): void
  work(handler: JobHandler): void
  counts(): JobCounts
  readonly dead: DeadJobs
  /** Resolves when nothing runs, once the queue drains. */
  idle(): Promise<void>
}

export interface NamedJobsOptions {
  readonly definition: CompleteJobDefinition
  readonly clock: Clock
  readonly logger: Logger
  readonly newId: () => string
  /** Between half and the whole of it. */
  readonly jitter: (ms: number) => number
  /** Aborts when nothing new may begin. */
  readonly draining: AbortSignal
  /** Aborts when what runs must end. */
  readonly stopping: AbortSignal
}

/** What is kept of the dead, per name. */
const mostDead = 1_000

/** Makes the jobs of one name: who waits, who runs, who died. */
export function createNamedJobs(options: NamedJobsOptions): NamedJobs {
  const { clock, logger, newId, jitter, draining, stopping } = options
  let definition = options.definition
  let handler: JobHandler | undefined
  // Paused until somebody works the jobs.
  const queue = new PQueue({ concurrency: definition.concurrency, autoStart: false })
  const waiting = new Map<string, LiveJob>()
  const live = new Set<LiveJob>()
  const running = new Map<LiveJob, Promise<unknown>>()
  /** Of serial jobs: the end of the last turn under a key. */
  const turns = new Map<string, Promise<unknown>>()
  const dead = createDeadJobs(mostDead)

  async function waitForTime(job: LiveJob): Promise<void> {
    for (;;) {
      const delayMs = job.startAt - clock.now().getTime()
      if (delayMs <= 0 || draining.aborted) return
      await clock.wait(delayMs, AbortSignal.any([job.forward.signal, draining])).catch(() => undefined)
      job.forward = new AbortController()
    }
  }

  /** Resolves with the result of `attempt` once it was the job's turn. */
  function takeTurn(job: LiveJob, attempt: () => Promise<Verdict>): Promise<Verdict> {
    // It rejects only when the stop clears what waits for its turn.
    const enter = (): Promise<Verdict> => queue.add(attempt).catch(() => 'over')
    if (!definition.serial) return enter()
    const key = job.key ?? ''
    const turn = (turns.get(key) ?? Promise.resolve()).then(enter)
    turns.set(key, turn)
    void turn.finally(() => turns.get(key) === turn && turns.delete(key))
    return turn
  }

  async function attemptOnce(job: LiveJob, attempt: number): Promise<Verdict> {
    if (draining.aborted || handler === undefined) return 'over'
    if (job.key !== undefined && waiting.get(job.key) === job) waiting.delete(job.key)
    const { name, attempts, expireMs } = definition
    const attempting = attemptJob({
      handler,
      data: job.data,
      attempt,
      expireMs,
      clock,
      signals: [stopping],
      heartbeat: async () => undefined,
    })
    running.set(job, attempting)
    const outcome = await attempting
    running.delete(job)
    if (outcome.succeeded) return 'over'
    const fields = { job: name, attempt, attempts, ...describeFailure(outcome.error) }
    if (outcome.deaf) logger.error('A job does not end although its time is over.', fields)
    if (stopping.aborted) {
      logger.warn('A job was interrupted by the stop.', fields)
      return 'over'
    }
    if (attempt < attempts) {
      logger.warn('A job failed and is tried again.', fields)
      return 'again'
    }
    logger.error('A job failed for good.', fields)
    const { id, key, data } = job
    dead.bury({ id, name, key, data, attempts: attempt, diedAt: clock.now(), error: describeDeath(outcome.error) })
    return 'over'
  }

  async function runToEnd(job: LiveJob): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      if (job.key !== undefined && !waiting.has(job.key)) waiting.set(job.key, job)
      await waitForTime(job)
      if (draining.aborted || (await takeTurn(job, () => attemptOnce(job, attempt))) === 'over') break
      const pauseMs = jitter(Math.min(definition.backoffMs * 2 ** (attempt - 1), definition.backoffLimitMs))
      job.startAt = clock.now().getTime() + pauseMs
    }
    live.delete(job)
  }

  function addAnew({ data, key, startAfter }: NewJob): void {
    const startAt = startAfter?.getTime() ?? 0
    const job: LiveJob = { id: newId(), key, data: copy(data), startAt, forward: new AbortController() }
    live.add(job)
    void runToEnd(job)
  }

  return {
    definition: () => definition,
    redefine(next) {
      definition = next
      queue.concurrency = next.concurrency
    },
    add(job) {
      if (draining.aborted) return false
      const waits = job.key === undefined ? undefined : waiting.get(job.key)
      if (waits === undefined) {
        addAnew(job)
        return true
      }
      waits.data = copy(job.data)
      if (job.startAfter === undefined && waits.startAt > 0) {
        waits.startAt = 0
        waits.forward.abort()
      }
      return false
    },
    addAnew,
    work(next) {
      handler = next
      queue.start()
    },
    counts: () => ({ waiting: live.size - running.size, active: running.size, dead: dead.size() }),
    dead,
    async idle() {
      queue.clear()
      while (running.size > 0) await Promise.all(running.values())
    },
  }
}

type Verdict = 'over' | 'again'

/** What a durable queue would give back. */
function copy(data: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(data)) as JsonObject
}
