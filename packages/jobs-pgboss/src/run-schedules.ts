import { type Clock, Igny8Error, type JsonObject, type Logger, type RandomSource } from '@igny8/core'
import type { CompleteJobSchedule } from '@igny8/core/adapter-kit'
import { describeFailure } from '@igny8/core/adapter-kit'
import type { PgBoss } from 'pg-boss'

/** The queue through which every schedule goes: it holds one tick of each, however long nobody takes them. */
export const tickQueue = 'igny8.ticks'

/** What a tick wakes. */
interface Tick {
  readonly name: string
  readonly key: string
  readonly data: JsonObject
  readonly jitterMs: number
}

/** Schedules that this process has set. */
export interface Schedules {
  set(boss: PgBoss, name: string, schedule: CompleteJobSchedule): Promise<void>
  unset(boss: PgBoss, name: string, key: string): Promise<void>
  /** What becomes of a tick. */
  readonly passOn: (boss: PgBoss, tick: JsonObject) => Promise<void>
  stop(): void
}

const keepTicksSeconds = 600

/** Creates the queue of ticks. Safe at the same time in several processes. */
export async function prepareTicks(boss: PgBoss): Promise<void> {
  await boss.createQueue(tickQueue, { policy: 'short' })
  await boss.updateQueue(tickQueue, { retryLimit: 2, deleteAfterSeconds: keepTicksSeconds })
}

/**
 * Schedules by cron are pg-boss's, which knows what was missed. Intervals, which it does not have, are sent by every process that set them into the
 * time slot of the database's clock: the first one wins.
 */
export function createSchedules(options: {
  readonly clock: Clock
  readonly random: RandomSource
  readonly logger: Logger
  /** Called when a tick was sent. */
  readonly onTick: () => void
  readonly onJob: (name: string) => void
}): Schedules {
  const { clock, random, logger, onTick, onJob } = options
  const intervals = new Map<string, AbortController>()

  async function sendTick(boss: PgBoss, tick: Tick, everySeconds: number): Promise<void> {
    const sent = await boss.send(tickQueue, tick, {
      singletonKey: scheduleKey(tick.name, tick.key),
      singletonSeconds: everySeconds,
      // A tick that is over still holds its slot.
      deleteAfterSeconds: Math.max(keepTicksSeconds, 2 * everySeconds),
    })
    if (sent !== null) onTick()
  }

  async function run(boss: PgBoss, tick: Tick, everySeconds: number, missed: 'skip' | 'once', signal: AbortSignal) {
    for (let first = missed === 'once'; ; first = false) {
      if (!first) await clock.wait(everySeconds * 1_000, signal)
      await sendTick(boss, tick, everySeconds).catch((error: unknown) =>
        logger.warn('A schedule missed its time.', { job: tick.name, ...describeFailure(error) }),
      )
    }
  }

  function endInterval(key: string): void {
    intervals.get(key)?.abort()
    intervals.delete(key)
  }

  return {
    async set(boss, name, schedule) {
      const { key, data, jitterMs, missed } = schedule
      const tick: Tick = { name, key, data, jitterMs }
      const id = scheduleKey(name, key)
      endInterval(id)
      if ('cron' in schedule) {
        const { cron, timezone: tz } = schedule
        checkCron(boss, cron, tz)
        await boss.schedule(tickQueue, cron, tick, { tz, key: id, missed, singletonKey: id })
        return
      }
      await boss.unschedule(tickQueue, id)
      const ending = new AbortController()
      intervals.set(id, ending)
      const everySeconds = Math.ceil(schedule.everyMs / 1_000)
      // It rejects only when it is ended.
      void run(boss, tick, everySeconds, missed, ending.signal).catch(() => undefined)
    },
    async unset(boss, name, key) {
      const id = scheduleKey(name, key)
      endInterval(id)
      await boss.unschedule(tickQueue, id)
    },
    async passOn(boss, data) {
      const { name, key, data: jobData, jitterMs } = data as unknown as Tick
      const [first = 0, second = 0] = random.bytes(2)
      const laterMs = Math.floor((jitterMs * (first * 256 + second)) / 65_536)
      const startAfter = laterMs === 0 ? {} : { startAfter: new Date(clock.now().getTime() + laterMs) }
      await boss.upsert(name, jobData, { singletonKey: key, ...startAfter })
      onJob(name)
    },
    stop() {
      for (const ending of intervals.values()) ending.abort()
    },
  }
}

/** In the letters that pg-boss allows. */
function scheduleKey(name: string, key: string): string {
  return Buffer.from(JSON.stringify([name, key])).toString('base64url')
}

function checkCron(boss: PgBoss, cron: string, timezone: string): void {
  try {
    if (boss.previewSchedule(cron, { tz: timezone, count: 1 }).length === 1) return
  } catch (error) {
    throw cronUnreadable(error)
  }
  throw cronUnreadable(undefined)
}

function cronUnreadable(cause: unknown): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: 'cron: cannot be read in this timezone, or is never due.',
    hint: 'Five fields such as "30 2 * * *", and an IANA name such as "Europe/Berlin".',
    details: { field: 'cron' },
    cause,
  })
}
