import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createSilentLogger } from '../adapter-kit/silent-logger.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { JobHandler } from '../ports/job-queue.ts'
import type { LogFields } from '../ports/logger.ts'
import { createFakeClock } from '../testing/create-fake-clock.ts'
import { createInProcessJobs } from './create-in-process-jobs.ts'

const start = new Date('2026-11-02T09:00:00Z')

interface Line {
  readonly level: string
  readonly message: string
  readonly fields: LogFields | undefined
}

/** `jitter` 0 gives the shortest pauses, 255 the longest. */
function createWorld(jitter = 255) {
  const clock = createFakeClock({ start })
  const lines: Line[] = []
  const at = (level: string) => (message: string, fields?: LogFields) => void lines.push({ level, message, fields })
  const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const random = { bytes: (length: number) => new Uint8Array(length).fill(jitter) }
  const jobs = createInProcessJobs({ clock, random, logger })
  const seconds = () => (clock.now().getTime() - start.getTime()) / 1_000
  return { clock, lines, jobs, seconds }
}

/** A handler that runs until it is let go. */
function createHeldHandler() {
  const running: (() => void)[] = []
  const signals: AbortSignal[] = []
  const handler: JobHandler = (_data, { signal }) => {
    signals.push(signal)
    return new Promise((resolve) => running.push(resolve))
  }
  return { handler, signals, begun: () => signals.length, release: () => running.shift()?.() }
}

describe('attempts', () => {
  it.each([
    [0, [0, 0.5, 1.5, 3.5]],
    [255, [0, 1, 3, 7]],
  ])('pauses between attempts double, with jitter from half to the whole (bytes of %i)', async (jitter, expected) => {
    const { jobs, clock, seconds } = createWorld(jitter)
    const attempts: [number, number][] = []
    jobs.define({ name: 'fails', attempts: 4, backoffMs: 1_000 })
    await jobs.work('fails', async (_data, { attempt }) => {
      attempts.push([attempt, seconds()])
      throw new Error('no')
    })
    await jobs.enqueue({ name: 'fails', data: {} })
    await clock.advance(60_000)
    expect(attempts).toEqual(expected.map((time, index) => [index + 1, time]))
  })

  it('ends with the first attempt that succeeds', async () => {
    const { jobs, clock, lines } = createWorld()
    const attempts: number[] = []
    jobs.define({ name: 'once', attempts: 5 })
    await jobs.work('once', async (_data, { attempt }) => {
      attempts.push(attempt)
      if (attempt === 1) throw new Error('no')
    })
    await jobs.enqueue({ name: 'once', data: {} })
    await clock.advance(60_000)
    expect([attempts, lines.map(({ level }) => level)]).toEqual([[1, 2], ['warn']])
  })

  it('logs a job that failed for good once as an error, without its data, the message of a foreign error, or a stack', async () => {
    const { jobs, clock, lines } = createWorld()
    jobs.define({ name: 'fails', attempts: 2 })
    await jobs.work('fails', async (data) => {
      throw Object.assign(new TypeError(`cannot parse ${JSON.stringify(data)}`), { code: 'ERR_PARSE' })
    })
    await jobs.enqueue({ name: 'fails', data: { password: 'hunter2' } })
    await clock.advance(60_000)
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'error'])
    expect(lines[1]?.fields).toEqual({ job: 'fails', attempt: 2, attempts: 2, error: 'TypeError', code: 'ERR_PARSE' })
    expect(inspect(lines, { depth: 9 })).not.toMatch(/hunter2|\.ts:/)
  })

  it.each([
    [new Igny8Error({ code: 'RATE_LIMITED', message: 'Wait.' }), { error: 'Wait.', code: 'RATE_LIMITED' }],
    ['hunter2', { error: 'unknown' }],
    [undefined, { error: 'unknown' }],
  ])('logs what was thrown as far as it is ours (%s)', async (thrown, fields) => {
    const { jobs, clock, lines } = createWorld()
    jobs.define({ name: 'fails', attempts: 1 })
    await jobs.work('fails', () => Promise.reject(thrown))
    await jobs.enqueue({ name: 'fails', data: {} })
    await clock.advance(0)
    expect(lines).toEqual([
      {
        level: 'error',
        message: 'A job failed for good.',
        fields: { job: 'fails', attempt: 1, attempts: 1, ...fields },
      },
    ])
  })
})

describe('enqueue', () => {
  it('does not add a second job of a key that waits, and does again once it has started', async () => {
    const { jobs, clock } = createWorld()
    const held = createHeldHandler()
    jobs.define({ name: 'job', concurrency: 1 })
    await jobs.work('job', held.handler)
    const enqueue = (key: string) => jobs.enqueue({ name: 'job', key, data: {} })
    expect([await enqueue('a'), await enqueue('b'), await enqueue('b')]).toEqual([true, true, false])
    await clock.advance(0)
    expect([held.begun(), await enqueue('a'), await enqueue('b')]).toEqual([1, true, false])
  })

  it('tells keys of different jobs apart', async () => {
    const { jobs } = createWorld()
    for (const name of ['one', 'two']) jobs.define({ name })
    expect(await jobs.enqueue({ name: 'one', key: 'a', data: {} })).toBe(true)
    expect(await jobs.enqueue({ name: 'two', key: 'a', data: {} })).toBe(true)
  })

  it('starts a job not before its time, and holds its key until then', async () => {
    const { jobs, clock, seconds } = createWorld()
    const begun: number[] = []
    jobs.define({ name: 'job' })
    await jobs.work('job', async () => void begun.push(seconds()))
    const later = { name: 'job', key: 'a', data: {}, startAfter: new Date(start.getTime() + 5_000) }
    expect([await jobs.enqueue(later), await jobs.enqueue(later)]).toEqual([true, false])
    await clock.advance(4_999)
    expect(begun).toEqual([])
    await clock.advance(1)
    expect(begun).toEqual([5])
    expect(await jobs.enqueue({ name: 'job', key: 'a', data: {} })).toBe(true)
  })

  it('works no more jobs of a name at once than its concurrency', async () => {
    const { jobs, clock } = createWorld()
    const held = createHeldHandler()
    jobs.define({ name: 'job', concurrency: 3 })
    await jobs.work('job', held.handler)
    for (let count = 0; count < 5; count++) await jobs.enqueue({ name: 'job', data: {} })
    await clock.advance(0)
    expect(held.begun()).toBe(3)
    held.release()
    await clock.advance(0)
    expect(held.begun()).toBe(4)
  })

  it('keeps jobs until somebody works them, also over a second definition', async () => {
    const { jobs, clock } = createWorld()
    const seen: unknown[] = []
    jobs.define({ name: 'job' })
    expect(await jobs.enqueue({ name: 'job', data: { id: 1 } })).toBe(true)
    jobs.define({ name: 'job', attempts: 1 })
    await jobs.work('job', async (data) => void seen.push(data))
    await clock.advance(0)
    expect(seen).toEqual([{ id: 1 }])
  })

  it.each(['enqueue', 'work', 'schedule'] as const)('%s refuses a name that was not defined', async (method) => {
    const { jobs } = createWorld()
    const call = {
      enqueue: () => jobs.enqueue({ name: 'nobody', data: {} }),
      work: () => jobs.work('nobody', async () => undefined),
      schedule: () => jobs.schedule('nobody', { everyMs: 1_000, data: {} }),
    }[method]
    await expect(call()).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('schedule', () => {
  it('enqueues at every interval', async () => {
    const { jobs, clock, seconds } = createWorld()
    const begun: number[] = []
    jobs.define({ name: 'tick', serial: true })
    await jobs.work('tick', async () => void begun.push(seconds()))
    await jobs.schedule('tick', { everyMs: 10_000, data: {} })
    await clock.advance(35_000)
    expect(begun).toEqual([10, 20, 30])
  })

  it('never runs two at once, although the concurrency would allow it', async () => {
    const { jobs, clock } = createWorld()
    const held = createHeldHandler()
    jobs.define({ name: 'tick', concurrency: 2, serial: true })
    await jobs.work('tick', held.handler)
    await jobs.schedule('tick', { everyMs: 10_000, data: {} })
    await clock.advance(45_000)
    expect(held.begun()).toBe(1)
    held.release()
    await clock.advance(10_000)
    expect(held.begun()).toBe(2)
  })

  it('is replaced by a later one of the same name, whose first run waits for one that still runs', async () => {
    const { jobs, clock } = createWorld()
    const held = createHeldHandler()
    const seen: unknown[] = []
    jobs.define({ name: 'tick', concurrency: 2, serial: true })
    await jobs.work('tick', (data, context) => {
      seen.push(data.from)
      return held.handler(data, context)
    })
    await jobs.schedule('tick', { everyMs: 10_000, data: { from: 'first' } })
    await clock.advance(10_000)
    await jobs.schedule('tick', { everyMs: 1_000, data: { from: 'second' } })
    await clock.advance(30_000)
    expect(seen).toEqual(['first'])
    held.release()
    await clock.advance(1_000)
    expect(seen).toEqual(['first', 'second'])
    held.release()
    await clock.advance(30_000)
    // What waits: the schedule, and the time limit of the job that runs.
    expect([seen, clock.pending()]).toEqual([['first', 'second', 'second'], 2])
  })

  it('is due by cron in its zone: once in the gap of a clock change, once where an hour comes twice', async () => {
    const clock = createFakeClock({ start: '2026-03-28T12:00:00Z' })
    const random = { bytes: (length: number) => new Uint8Array(length) }
    const jobs = createInProcessJobs({ clock, random, logger: createSilentLogger() })
    const begun: string[] = []
    jobs.define({ name: 'tick', serial: true })
    await jobs.work('tick', async () => void begun.push(clock.now().toISOString().slice(5, 16)))
    await jobs.schedule('tick', { cron: '30 2 * * *', timezone: 'Europe/Berlin', data: {} })
    await clock.advance(2 * 86_400_000)
    expect(begun).toEqual(['03-29T01:00', '03-30T00:30'])
    await clock.advance(Date.parse('2026-10-24T12:00:00Z') - clock.now().getTime())
    begun.length = 0
    await clock.advance(2 * 86_400_000)
    expect(begun).toEqual(['10-25T00:30', '10-26T01:30'])
  })

  it('starts jobs up to the jitter later', async () => {
    const { jobs, clock, seconds } = createWorld(128)
    const begun: number[] = []
    jobs.define({ name: 'tick', serial: true })
    await jobs.work('tick', async () => void begun.push(seconds()))
    await jobs.schedule('tick', { everyMs: 10_000, jitterMs: 4_000, data: {} })
    await clock.advance(25_000)
    expect(begun.map(Math.floor)).toEqual([12, 22])
  })

  it('makes nothing up for times at which the clock stood still', async () => {
    const { jobs, clock } = createWorld()
    let asleep = 0
    const sleepy = { ...clock, now: () => new Date(clock.now().getTime() + asleep) }
    const lines = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
    const others = createInProcessJobs({
      clock: sleepy,
      random: { bytes: (length) => new Uint8Array(length) },
      logger: lines,
    })
    let runs = 0
    others.define({ name: 'tick', serial: true })
    await others.work('tick', async () => void runs++)
    await others.schedule('tick', { cron: '* * * * *', data: {} })
    asleep = 3_600_000
    await clock.advance(60_000)
    expect(runs).toBe(1)
    await Promise.all([others.stop(), jobs.stop()])
  })

  it.each([0, -1, Number.NaN])('refuses an interval of %d, which would never rest', async (everyMs) => {
    const { jobs } = createWorld()
    jobs.define({ name: 'tick', serial: true })
    await expect(jobs.schedule('tick', { everyMs, data: {} })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('stop', () => {
  it('lets running jobs finish, drops waiting ones and takes no new ones', async () => {
    const { jobs, clock } = createWorld()
    const held = createHeldHandler()
    jobs.define({ name: 'job', concurrency: 1, serial: true })
    await jobs.work('job', held.handler)
    for (let count = 0; count < 2; count++) await jobs.enqueue({ name: 'job', data: {} })
    await jobs.schedule('job', { everyMs: 1_000, data: {} })
    await clock.advance(0)
    const stopped = jobs.stop()
    expect(await jobs.enqueue({ name: 'job', data: {} })).toBe(false)
    await clock.advance(5_000)
    held.release()
    await stopped
    await clock.advance(60_000)
    expect([held.begun(), clock.pending(), await jobs.enqueue({ name: 'job', data: {} })]).toEqual([1, 0, false])
    expect(clock.now()).toEqual(new Date(start.getTime() + 65_000))
  })

  it('aborts what still runs after the drain, and waits for it to end', async () => {
    const { jobs, clock, lines } = createWorld()
    jobs.define({ name: 'job' })
    let reason: unknown
    await jobs.work('job', async (_data, { signal }) => {
      await clock.wait(600_000, signal).catch(() => undefined)
      reason = signal.reason
      throw new Error('interrupted')
    })
    await jobs.enqueue({ name: 'job', data: {} })
    await clock.advance(0)
    const stopped = jobs.stop({ drainMs: 2_000 })
    await clock.advance(1_999)
    expect(reason).toBeUndefined()
    await clock.advance(1)
    await stopped
    expect(reason).toMatchObject({ code: 'STOPPED' })
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'A job was interrupted by the stop.'],
    ])
  })

  it('gives up on a job that does not listen, and says so', async () => {
    const { jobs, clock, lines } = createWorld()
    const held = createHeldHandler()
    jobs.define({ name: 'deaf' })
    await jobs.work('deaf', held.handler)
    await jobs.enqueue({ name: 'deaf', data: {} })
    await clock.advance(0)
    const stopped = jobs.stop({ drainMs: 2_000 })
    const again = jobs.stop({ drainMs: 60_000 })
    await clock.advance(7_000)
    await Promise.all([stopped, again])
    expect(lines).toMatchObject([{ level: 'error', fields: { job: 'deaf' } }])
  })

  it('does not wait out a backoff, and does not try again', async () => {
    const { jobs, clock, seconds } = createWorld()
    const attempts: number[] = []
    jobs.define({ name: 'fails', backoffMs: 20_000 })
    await jobs.work('fails', async (_data, { attempt }) => {
      attempts.push(attempt)
      throw new Error('no')
    })
    await jobs.enqueue({ name: 'fails', data: {} })
    await clock.advance(1_000)
    await jobs.stop()
    expect([attempts, seconds(), clock.pending()]).toEqual([[1], 1, 0])
  })

  it('ends at once where nothing runs, and a second time', async () => {
    const { jobs, clock } = createWorld()
    jobs.define({ name: 'nobody.works.it' })
    await jobs.enqueue({ name: 'nobody.works.it', data: {} })
    await jobs.enqueue({ name: 'nobody.works.it', data: {}, startAfter: new Date('2027-01-01') })
    await Promise.all([jobs.stop(), jobs.stop()])
    await jobs.stop()
    expect(clock.pending()).toBe(0)
  })
})
