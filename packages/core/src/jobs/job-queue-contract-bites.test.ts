import { describe, expect, it } from 'vitest'
import { createSilentLogger } from '../adapter-kit/silent-logger.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { JsonObject } from '../model/json.ts'
import type { JobDefinition, JobHandler, JobInput, JobQueue } from '../ports/job-queue.ts'
import { createFakeClock, type FakeClock } from '../testing/create-fake-clock.ts'
import { createSeededRandom } from '../testing/create-seeded-random.ts'
import { jobQueueContract } from '../testing/job-queue-contract.ts'
import { createInProcessJobs } from './create-in-process-jobs.ts'

type Change = (jobs: JobQueue, clock: FakeClock) => Partial<JobQueue>

/** A queue with one thing wrong, and the part of the contract that must say so. */
interface BrokenQueue {
  readonly name: string
  readonly caughtBy: string
  readonly change: Change
}

const broken = (name: string, caughtBy: string, change: Change): BrokenQueue => ({ name, caughtBy, change })

const redefined = (change: (definition: JobDefinition) => Partial<JobDefinition>): Change => {
  return (jobs) => ({ define: (definition) => jobs.define({ ...definition, ...change(definition) }) })
}

const handled = (wrap: (handler: JobHandler, clock: FakeClock) => JobHandler): Change => {
  return (jobs, clock) => ({ work: (name, handler) => jobs.work(name, wrap(handler, clock)) })
}

const enqueued = (change: (job: JobInput) => JobInput): Change => {
  return (jobs) => ({ enqueue: (job) => jobs.enqueue(change(job)) })
}

const idOf = ({ name, key }: JobInput): string => `${name} ${key}`

const brokenQueues: readonly BrokenQueue[] = [
  broken('every third job lost', 'delivery', (jobs) => {
    let count = 0
    return { enqueue: async (job) => ++count % 3 === 0 || jobs.enqueue(job) }
  }),
  broken('live references handed out', 'delivery', (jobs) => {
    const references: JsonObject[] = []
    return {
      enqueue: (job) => jobs.enqueue({ ...job, data: { reference: references.push(job.data) - 1 } }),
      work: (name, handler) =>
        jobs.work(name, (data, context) => handler(references[Number(data.reference)] ?? {}, context)),
    }
  }),
  broken('undefined names taken', 'delivery', (jobs) => ({ enqueue: (job) => jobs.enqueue(job).catch(() => false) })),
  broken('impossible definitions taken', 'delivery', (jobs) => ({
    define(definition) {
      try {
        jobs.define(definition)
      } catch {
        jobs.define({ name: 'other' })
      }
    },
  })),
  broken(
    'keys ignored',
    'delivery',
    enqueued(({ key: _, ...job }) => job),
  ),
  broken('keys shared by all names', 'delivery', (jobs) => {
    const keys = new Set<string>()
    return {
      async enqueue(job) {
        if (job.key !== undefined && keys.has(job.key)) return false
        if (job.key !== undefined) keys.add(job.key)
        return jobs.enqueue(job)
      },
    }
  }),
  broken('a key held while its job runs', 'delivery', (jobs) => {
    const keys = new Set<string>()
    return {
      async enqueue(job) {
        if (job.key !== undefined && keys.has(idOf(job))) return false
        keys.add(idOf(job))
        return jobs.enqueue(job)
      },
    }
  }),
  broken('the first data kept under a key', 'delivery', (jobs) => {
    const first = new Map<string, JsonObject>()
    return {
      async enqueue(job) {
        if (job.key !== undefined && !first.has(idOf(job))) first.set(idOf(job), job.data)
        return jobs.enqueue({ ...job, data: first.get(idOf(job)) ?? job.data })
      },
    }
  }),
  broken(
    'times ignored',
    'delivery',
    enqueued(({ startAfter: _, ...job }) => job),
  ),
  broken('nothing brought forward', 'delivery', (jobs) => {
    const times = new Map<string, Date>()
    return {
      async enqueue(job) {
        if (job.key !== undefined && job.startAfter !== undefined) times.set(idOf(job), job.startAfter)
        return jobs.enqueue({ ...job, startAfter: times.get(idOf(job)) })
      },
    }
  }),
  broken('what runs counted as waiting', 'delivery', (jobs) => ({
    async counts() {
      const counts = [...(await jobs.counts())]
      return new Map(
        counts.map(([name, { waiting, active, dead }]) => [name, { waiting: waiting + active, active, dead }]),
      )
    },
  })),
  broken(
    'transactions ignored in silence',
    'delivery',
    enqueued(({ transaction: _, ...job }) => job),
  ),
  broken(
    'concurrency ignored',
    'turns',
    redefined(() => ({ concurrency: 100 })),
  ),
  broken(
    'one at a time, whatever the concurrency',
    'turns',
    redefined(() => ({ concurrency: 1 })),
  ),
  broken('batches that wait for their slowest', 'turns', (jobs) => {
    const running = new Set<Promise<void>>()
    return {
      work: (name, handler) =>
        jobs.work(name, async (data, context) => {
          const work = handler(data, context)
          running.add(work)
          await Promise.all(running)
          running.delete(work)
        }),
    }
  }),
  broken(
    'serial ignored',
    'turns',
    redefined(() => ({ serial: false })),
  ),
  broken(
    'serial without regard to keys',
    'turns',
    redefined(({ serial }) => (serial ? { concurrency: 1 } : {})),
  ),
  broken('serial changed', 'turns', (jobs) => {
    const known = new Map<string, boolean>()
    return {
      define(definition) {
        const serial = known.get(definition.name) ?? definition.serial ?? false
        known.set(definition.name, serial)
        jobs.define({ ...definition, serial })
      },
    }
  }),
  broken(
    'an attempt less',
    'attempts',
    redefined(({ attempts = 5 }) => ({ attempts: Math.max(1, attempts - 1) })),
  ),
  broken(
    'no pause between attempts',
    'attempts',
    redefined(() => ({ backoffMs: 0 })),
  ),
  broken(
    'pauses that do not grow',
    'attempts',
    redefined(() => ({ backoffLimitMs: 500 })),
  ),
  broken(
    'a slot held while its job pauses',
    'attempts',
    handled((handler, clock) => async (data, context) => {
      try {
        await handler(data, context)
      } catch (error) {
        await clock.wait(60_000)
        throw error
      }
    }),
  ),
  broken(
    'success forgotten',
    'attempts',
    handled((handler) => async (data, context) => {
      await handler(data, context)
      if (context.attempt > 1) throw new Error('again')
    }),
  ),
  broken(
    'no time limit',
    'attempts',
    redefined(() => ({ expireMs: 86_400_000 })),
  ),
  broken(
    'an attempt whose time was over taken for done',
    'attempts',
    handled((handler) => async (data, context) => {
      await handler(data, context).catch((error: unknown) => {
        if (!context.signal.aborted) throw error
      })
    }),
  ),
  broken('the dead forgotten', 'dead jobs', () => ({ listDead: async () => ({ items: [], nextCursor: null }) })),
  broken('the newest dead first', 'dead jobs', (jobs) => ({
    async listDead(query) {
      const page = await jobs.listDead({ ...query, limit: 500, cursor: undefined })
      const items = [...page.items].reverse()
      const from = Number(query.cursor ?? 0)
      const end = from + query.limit
      return { items: items.slice(from, end), nextCursor: items.length > end ? String(end) : null }
    },
  })),
  broken('limits cut down instead of refused', 'dead jobs', (jobs) => ({
    listDead: (query) => jobs.listDead({ ...query, limit: Math.min(Math.max(1, Math.trunc(query.limit) || 1), 500) }),
  })),
  broken('malformed cursors taken for none', 'dead jobs', (jobs) => ({
    listDead: (query) => jobs.listDead(query).catch(() => jobs.listDead({ ...query, limit: 1, cursor: undefined })),
  })),
  broken(
    'messages of foreign errors kept',
    'dead jobs',
    handled((handler) => async (data, context) => {
      await handler(data, context).catch((error: Error) => {
        throw new Igny8Error({ code: 'REMOTE_FAILED', message: error.message })
      })
    }),
  ),
  broken('redriven jobs still dead', 'dead jobs', (jobs) => ({
    async redrive(query) {
      const { items } = await jobs.listDead({ name: query.name, limit: 500 })
      const chosen = items.filter(({ id }) => query.ids === undefined || query.ids.includes(id))
      for (const { name, data } of chosen) await jobs.enqueue({ name, data })
      return chosen.length
    },
  })),
  broken('all redriven, whatever the ids', 'dead jobs', (jobs) => ({ redrive: ({ name }) => jobs.redrive({ name }) })),
  broken('schedules that never end', 'schedules', () => ({ unschedule: async () => undefined })),
  broken('one schedule a name', 'schedules', (jobs) => ({
    schedule: (name, { key: _, ...schedule }) => jobs.schedule(name, schedule),
  })),
  broken('schedules beside those they replace', 'schedules', (jobs) => {
    let count = 0
    return {
      schedule: (name, schedule) => jobs.schedule(name, { ...schedule, key: `${schedule.key} ${++count}` }),
    }
  }),
  broken('jobs of a schedule that pile up', 'schedules', (jobs, clock) => ({
    async schedule(name, { everyMs = 1_000, data }) {
      void (async () => {
        while (await jobs.enqueue({ name, data })) await clock.wait(everyMs)
      })()
    },
  })),
  broken(
    'schedules of jobs that overlap',
    'schedules',
    redefined(() => ({ serial: true })),
  ),
  broken('senseless schedules taken', 'schedules', (jobs) => ({
    schedule: (name, schedule) => jobs.schedule(name, schedule).catch(() => undefined),
  })),
  broken('cron that is never due', 'schedules', (jobs) => ({
    schedule: (name, schedule) =>
      jobs.schedule(name, schedule.cron === '* * * * *' ? { ...schedule, cron: '0 0 1 1 *' } : schedule),
  })),
  broken('a stop that aborts at once', 'stop', (jobs) => ({ stop: () => jobs.stop({ drainMs: 0 }) })),
  broken('a stop that never aborts', 'stop', (jobs) => ({ stop: () => jobs.stop({ drainMs: 86_400_000 }) })),
  broken('jobs taken after the stop', 'stop', (jobs) => ({ enqueue: (job) => jobs.enqueue(job).then(() => true) })),
]

/** Runs one part of the contract, without a test runner. */
async function runPart(part: string, change: Change): Promise<{ runs: number; failures: number }> {
  let path: readonly string[] = []
  const tests: (() => Promise<void>)[] = []
  jobQueueContract({
    describe(name, define) {
      path = [...path, name]
      define()
      path = path.slice(0, -1)
    },
    it(_name, run) {
      if (path.includes(part)) tests.push(run)
    },
    async createJobs() {
      const clock = createFakeClock()
      const jobs = createInProcessJobs({ clock, random: createSeededRandom(1), logger: createSilentLogger() })
      return { jobs: { ...jobs, ...change(jobs, clock) }, now: () => clock.now(), pass: (ms) => clock.advance(ms) }
    },
  })
  let failures = 0
  for (const run of tests) await run().catch(() => failures++)
  return { runs: tests.length, failures }
}

describe('the contract of job queues', () => {
  it.each(brokenQueues)('fails a queue with $name', async ({ caughtBy, change }) => {
    const { failures } = await runPart(caughtBy, change)
    expect(failures).toBeGreaterThan(0)
  })

  const parts = [...new Set(brokenQueues.map(({ caughtBy }) => caughtBy))]

  it.each(parts)('passes an unbroken queue wrapped the same way: %s', async (part) => {
    const { runs, failures } = await runPart(part, () => ({}))
    expect(runs).toBeGreaterThan(0)
    expect(failures).toBe(0)
  })
})
