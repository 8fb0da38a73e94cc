import { jobAbortedMs } from '../adapter-kit/attempt-job.ts'
import {
  type CompleteJobSchedule,
  parseDeadQuery,
  parseJobDefinition,
  parseJobSchedule,
  serialIsFixed,
  stopping as stoppingReason,
  undefinedJob,
} from '../adapter-kit/job-inputs.ts'
import { describeFailure } from '../errors/describe-failure.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { Clock } from '../ports/clock.ts'
import type { JobQueue } from '../ports/job-queue.ts'
import type { Logger } from '../ports/logger.ts'
import type { RandomSource } from '../ports/random.ts'
import { readCronTimes } from './cron-times.ts'
import { createNamedJobs, type NamedJobs } from './named-jobs.ts'

/** Jobs of this process, on p-queue. They are gone with it: the sweep of `runDue` finds what they were to do. */
export function createInProcessJobs(options: {
  readonly clock: Clock
  readonly random: RandomSource
  readonly logger: Logger
}): JobQueue {
  const { clock, random, logger } = options
  const names = new Map<string, NamedJobs>()
  const schedules = new Map<string, AbortController>()
  /** Nothing new begins. */
  const draining = new AbortController()
  /** What runs is told to end. */
  const stopping = new AbortController()
  let stopped: Promise<void> | undefined

  function defined(name: string): NamedJobs {
    const jobs = names.get(name)
    if (jobs === undefined) throw undefinedJob(name)
    return jobs
  }

  const newId = () => Buffer.from(random.bytes(16)).toString('hex')

  /** From 0 to 1. */
  function fraction(): number {
    const [first = 0, second = 0] = random.bytes(2)
    return (first * 256 + second) / 65_536
  }

  /** When a schedule is due next. */
  async function readTimes(schedule: CompleteJobSchedule): Promise<() => Date> {
    if ('everyMs' in schedule) return () => new Date(clock.now().getTime() + schedule.everyMs)
    const times = await readCronTimes(schedule.cron, schedule.timezone)
    return () => times(clock.now())
  }

  async function tick(name: string, schedule: CompleteJobSchedule, nextTime: () => Date, signal: AbortSignal) {
    const { key, data, jitterMs } = schedule
    while (!signal.aborted) {
      const due = nextTime().getTime()
      // A clock that wakes early must not make one time due twice.
      while (clock.now().getTime() < due) await clock.wait(due - clock.now().getTime(), signal)
      const startAfter = jitterMs === 0 ? undefined : new Date(due + Math.floor(jitterMs * fraction()))
      defined(name).add({ key, data, startAfter })
    }
  }

  async function drain(drainMs: number): Promise<void> {
    draining.abort()
    for (const schedule of schedules.values()) schedule.abort()
    const drained = Promise.all([...names.values()].map((jobs) => jobs.idle()))
    await settleWithin(clock, drained, drainMs)
    stopping.abort(stoppingReason())
    await settleWithin(clock, drained, jobAbortedMs)
    for (const [job, jobs] of names)
      if (jobs.counts().active > 0) logger.error('A job does not end although it was aborted.', { job })
  }

  return {
    capabilities: { durable: false, transactional: false },
    define(input) {
      const definition = parseJobDefinition(input)
      const known = names.get(definition.name)
      if (known !== undefined) {
        if (known.definition().serial !== definition.serial) throw serialIsFixed(definition.name)
        return known.redefine(definition)
      }
      const jitter = (ms: number) => Math.round(ms * (0.5 + fraction() / 2))
      const signals = { draining: draining.signal, stopping: stopping.signal }
      names.set(definition.name, createNamedJobs({ definition, clock, logger, newId, jitter, ...signals }))
    },
    async enqueue({ name, data, key, startAfter, transaction }) {
      const jobs = defined(name)
      if (transaction !== undefined) throw noTransactions()
      return jobs.add({ data, key, startAfter })
    },
    async work(name, handler) {
      defined(name).work(handler)
    },
    async schedule(name, input) {
      const schedule = parseJobSchedule(defined(name).definition(), input)
      const nextTime = await readTimes(schedule)
      const id = scheduleId(name, schedule.key)
      schedules.get(id)?.abort()
      if (draining.signal.aborted) return
      const ending = new AbortController()
      schedules.set(id, ending)
      void tick(name, schedule, nextTime, ending.signal).catch((error: unknown) => {
        if (!ending.signal.aborted)
          logger.error('A schedule has ended by a failure.', { job: name, ...describeFailure(error) })
      })
    },
    async unschedule(name, key = 'schedule') {
      const id = scheduleId(name, key)
      schedules.get(id)?.abort()
      schedules.delete(id)
    },
    async listDead(query) {
      const { name, limit, cursor } = parseDeadQuery(query)
      return defined(name).dead.list(limit, cursor)
    },
    async redrive({ name, ids }) {
      const jobs = defined(name)
      if (draining.signal.aborted) return 0
      const raised = jobs.dead.raise(ids)
      for (const { data, key } of raised) jobs.addAnew({ data, key, startAfter: undefined })
      return raised.length
    },
    counts: async () => new Map([...names].map(([name, jobs]) => [name, jobs.counts()])),
    stop({ drainMs = 30_000 } = {}) {
      stopped ??= drain(drainMs)
      return stopped
    },
  }
}

function scheduleId(name: string, key: string): string {
  return JSON.stringify([name, key])
}

/** Waits for `work`, but no longer than `ms`. */
async function settleWithin(clock: Clock, work: Promise<unknown>, ms: number): Promise<void> {
  const settled = new AbortController()
  await Promise.race([work, clock.wait(ms, settled.signal).catch(() => undefined)])
  settled.abort()
}

function noTransactions(): Igny8Error {
  return new Igny8Error({
    code: 'UNSUPPORTED',
    message: 'Jobs of this process cannot take part in a transaction.',
    hint: 'Enqueue after the commit, or use a durable queue such as @igny8/jobs-pgboss.',
  })
}
