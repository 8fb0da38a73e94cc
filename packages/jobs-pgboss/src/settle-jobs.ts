import type { Clock, DeadJob, JsonObject, Logger } from '@igny8/core'
import { describeFailure } from '@igny8/core/adapter-kit'
import type { Job, PgBoss } from 'pg-boss'

/** Tells the queue what became of jobs. Nothing of it throws: a job that could not be settled runs again. */
export interface Settler {
  complete(job: Job<JsonObject>): void
  fail(job: Job<JsonObject>, error: DeadJob['error']): void
  /** Gives a job that was interrupted back, with all attempts before it. */
  putBack(job: Job<JsonObject>): void
  /** Resolves when all are settled. */
  idle(): Promise<void>
}

const triesMost = 5
const tryAgainMs = 1_000

/** Makes a settler for the jobs of a name; those that end while others are being settled go together. */
export function createSettler(options: {
  readonly boss: PgBoss
  readonly name: string
  readonly clock: Clock
  readonly logger: Logger
}): Settler {
  const { boss, name, clock, logger } = options
  const running = new Set<Promise<void>>()
  let ended: Job<JsonObject>[] = []
  let completing = false

  async function insist(settle: () => Promise<unknown>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await settle()
        return
      } catch (error) {
        if (tries === triesMost)
          return logger.error('A job could not be settled, and will run again.', {
            job: name,
            ...describeFailure(error),
          })
        await clock.wait(tryAgainMs)
      }
    }
  }

  function track(work: Promise<void>): void {
    running.add(work)
    void work.then(() => running.delete(work))
  }

  async function completeAll(): Promise<void> {
    completing = true
    while (ended.length > 0) {
      const jobs = ended
      ended = []
      await insist(() => boss.complete(name, jobs.map(attemptOf)))
    }
    completing = false
  }

  return {
    complete(job) {
      ended.push(job)
      if (!completing) track(completeAll())
    },
    fail(job, error) {
      track(insist(() => boss.fail(name, attemptOf(job), error)))
    },
    putBack(job) {
      track(
        insist(async () => {
          const [stored] = await boss.findJobs<JsonObject>(name, { id: job.id })
          const singletonKey = stored?.singletonKey ?? undefined
          // Added before the other is over: a crash in between makes it run twice, not never.
          await boss.send(name, job.data, singletonKey === undefined ? {} : { singletonKey })
          await boss.complete(name, attemptOf(job))
        }),
      )
    },
    async idle() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

/** Settles the attempt that was worked, and no later one. */
function attemptOf({ id, retryCount }: Job<JsonObject>): { id: string; retryCount: number } {
  return { id, retryCount }
}
