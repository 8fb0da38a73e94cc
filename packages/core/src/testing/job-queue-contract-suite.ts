import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../model/json.ts'
import type { JobContext, JobDefinition, JobInput, JobQueue } from '../ports/job-queue.ts'
import type { TestRunner } from './storage-contract-suite.ts'

/** A queue to test, and the time that it lives in. */
export interface JobsUnderTest {
  readonly jobs: JobQueue
  readonly now: () => Date
  /** Lets time pass: moves a fake clock on, or waits. */
  readonly pass: (ms: number) => Promise<void>
  /** Opens the same queue as another process would. Without it, what happens between processes is not tested. */
  readonly openPeer?: (() => Promise<JobQueue>) | undefined
  /** Runs `work` with a transaction for `enqueue`, commits, and rolls back when it rejects. For transactional queues. */
  readonly transact?: ((work: (transaction: unknown) => Promise<void>) => Promise<void>) | undefined
}

/** Where the contract runs, and on what. */
export interface JobQueueContractOptions extends TestRunner {
  /** Gives each test a queue of its own, or all of them one that they share: every test uses names of its own. */
  readonly createJobs: () => Promise<JobsUnderTest>
  /** How long a test waits for something to happen. @default 15_000 */
  readonly patienceMs?: number | undefined
  /** Whether schedules by cron are waited for, which takes a minute where time is real. @default true */
  readonly waitsForCron?: boolean | undefined
}

/** What a handler saw of a job. */
export interface SeenJob {
  readonly data: JsonObject
  readonly attempt: number
  readonly startedAt: number
  endedAt: number | undefined
}

/** What a test of the contract works with. */
export interface JobCase extends JobsUnderTest {
  /** Makes a name that no other test uses, and defines it. */
  readonly define: (definition?: Omit<JobDefinition, 'name'>) => string
  /** Works a name with a handler, by default one that does nothing, and tells what it saw. */
  readonly watch: (
    name: string,
    handle?: (data: JsonObject, context: JobContext) => Promise<void>,
    jobs?: JobQueue,
  ) => Promise<SeenJob[]>
  readonly enqueue: (name: string, input?: Partial<JobInput>) => Promise<boolean>
  /** Lets time pass until the condition holds, and fails after a while. */
  readonly until: (what: string, condition: () => boolean | Promise<boolean>, withinMs?: number) => Promise<void>
  /** A handler that holds its jobs until they are let go. */
  readonly hold: () => HeldJobs
  readonly peer: () => Promise<JobQueue>
}

/** Jobs that run until they are let go. */
export interface HeldJobs {
  readonly handle: (data: JsonObject, context: JobContext) => Promise<void>
  readonly signals: AbortSignal[]
  releaseAll(): void
}

/** Where the parts of the contract define their tests. */
export interface JobQueueSuite {
  readonly waitsForCron: boolean
  describe(name: string, define: () => void): void
  test(name: string, run: (given: JobCase) => Promise<void>): void
}

/** How much time passes between two looks. */
const lookEveryMs = 50

/** Makes a suite whose every test gets a case of its own, and stops its queues afterwards. */
export function createJobQueueSuite(options: JobQueueContractOptions): JobQueueSuite {
  const { createJobs, patienceMs = 15_000, waitsForCron = true } = options

  async function run(test: (given: JobCase) => Promise<void>): Promise<void> {
    const under = await createJobs()
    const opened: JobQueue[] = [under.jobs]
    const held: HeldJobs[] = []
    const until: JobCase['until'] = async (what, condition, withinMs = patienceMs) => {
      for (let passedMs = 0; passedMs <= withinMs; passedMs += lookEveryMs) {
        if (await condition()) return
        await under.pass(lookEveryMs)
      }
      assert.fail(`waited ${withinMs} ms in vain until ${what}`)
    }
    const given: JobCase = {
      ...under,
      define(definition) {
        const name = `contract.${randomUUID()}`
        under.jobs.define({ name, backoffMs: 1_000, backoffLimitMs: 1_000, ...definition })
        return name
      },
      async watch(name, handle = async () => undefined, jobs = under.jobs) {
        const seen: SeenJob[] = []
        await jobs.work(name, async (data, context) => {
          const job: SeenJob = {
            data,
            attempt: context.attempt,
            startedAt: under.now().getTime(),
            endedAt: undefined,
          }
          seen.push(job)
          try {
            await handle(data, context)
          } finally {
            job.endedAt = under.now().getTime()
          }
        })
        return seen
      },
      enqueue: (name, input) => under.jobs.enqueue({ name, data: {}, ...input }),
      until,
      hold() {
        const jobs = createHeldJobs()
        held.push(jobs)
        return jobs
      },
      async peer() {
        assert.ok(under.openPeer, 'the test needs a peer')
        const jobs = await under.openPeer()
        opened.push(jobs)
        return jobs
      },
    }
    try {
      await test(given)
    } finally {
      for (const jobs of held) jobs.releaseAll()
      const stopped = Promise.all(opened.map((jobs) => jobs.stop({ drainMs: 0 })))
      let over = false
      void stopped.then(
        () => {
          over = true
        },
        () => {
          over = true
        },
      )
      await until('the queue stops', () => over)
      await stopped
    }
  }

  return {
    waitsForCron,
    describe(name, define) {
      options.describe(name, define)
    },
    test(name, test) {
      options.it(name, () => run(test))
    },
  }
}

function createHeldJobs(): HeldJobs {
  const running: (() => void)[] = []
  const signals: AbortSignal[] = []
  let open = false
  return {
    signals,
    handle: (_data, { signal }) => {
      signals.push(signal)
      if (open) return Promise.resolve()
      return new Promise((resolve, reject) => {
        running.push(resolve)
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
    },
    releaseAll() {
      open = true
      for (const release of running.splice(0)) release()
    },
  }
}

/** The most jobs that ran at one moment. */
export function mostAtOnce(seen: readonly SeenJob[]): number {
  const overlaps = seen.map(
    (job) =>
      seen.filter((other) => other.startedAt <= job.startedAt && (other.endedAt ?? Infinity) > job.startedAt).length,
  )
  return Math.max(0, ...overlaps)
}
