import assert from 'node:assert/strict'
import type { JobSchedule } from '../ports/job-queue.ts'
import { type JobQueueSuite, mostAtOnce } from './job-queue-contract-suite.ts'
import { rejectsWith } from './storage-contract-suite.ts'

/** Schedules: again and again, never two at once, until they end. */
export function schedulesContract({ describe, test, waitsForCron }: JobQueueSuite): void {
  describe('schedules', () => {
    test('enqueue at every interval, until they are ended', async ({ define, watch, until, pass, jobs }) => {
      const name = define({ serial: true })
      const seen = await watch(name)
      await jobs.schedule(name, { everyMs: 1_000, data: { from: 'schedule' } })
      await until('it ran three times', () => seen.length >= 3)
      assert.deepEqual(seen[0]?.data, { from: 'schedule' })
      await jobs.unschedule(name)
      await jobs.unschedule(name)
      // What was enqueued already still runs.
      await pass(2_500)
      const runs = seen.length
      await pass(3_000)
      assert.equal(seen.length, runs)
    })

    test('are one for all processes', async (given) => {
      if (given.openPeer === undefined) return
      const name = given.define({ serial: true })
      const peer = await given.peer()
      peer.define({ name, serial: true })
      const seen = await given.watch(name)
      const startedAt = given.now().getTime()
      await given.jobs.schedule(name, { everyMs: 1_000, data: {} })
      // Out of step, so that no two of them fall together by chance.
      await given.pass(500)
      await peer.schedule(name, { everyMs: 1_000, data: {} })
      await given.until('it ran seven times', () => seen.length >= 7, 30_000)
      const passedMs = given.now().getTime() - startedAt
      assert.ok(seen.length <= Math.ceil(passedMs / 1_000) + 1, `${seen.length} runs in ${passedMs} ms`)
    })

    test('never run two at once, and pile nothing up behind a slow one', async (given) => {
      const { define, watch, until, pass, hold, jobs } = given
      const name = define({ serial: true, concurrency: 4 })
      const held = hold()
      const seen = await watch(name, held.handle)
      await jobs.schedule(name, { everyMs: 1_000, data: {} })
      await until('the first runs', () => seen.length === 1)
      await pass(4_500)
      assert.equal(seen.length, 1)
      const waiting = (await jobs.counts()).get(name)?.waiting ?? 0
      assert.ok(waiting <= 1, `${waiting} wait`)
      held.releaseAll()
      await until('the next ran', () => seen.length >= 2)
      assert.equal(mostAtOnce(seen), 1)
    })

    test('are replaced under their key, and apart under others', async ({ define, watch, until, pass, jobs }) => {
      const name = define({ serial: true })
      const seen = await watch(name)
      await jobs.schedule(name, { everyMs: 1_000, data: { from: 'first' } })
      await jobs.schedule(name, { everyMs: 1_000, key: 'other', data: { from: 'other' } })
      await until('both ran', () => new Set(seen.map(({ data }) => data.from)).size === 2)
      await jobs.schedule(name, { everyMs: 1_000, data: { from: 'second' } })
      await pass(2_500)
      seen.length = 0
      await until('both ran again', () => new Set(seen.map(({ data }) => data.from)).size === 2)
      assert.deepEqual(new Set(seen.map(({ data }) => data.from)), new Set(['other', 'second']))
    })

    test('are refused when they make no sense', async ({ define, jobs }) => {
      const name = define({ serial: true })
      const wrong: JobSchedule[] = [
        { data: {} },
        { everyMs: 1_000, cron: '* * * * *', data: {} },
        { everyMs: 0, data: {} },
        { everyMs: -1, data: {} },
        { everyMs: Number.NaN, data: {} },
        { cron: 'now and then', data: {} },
        { cron: '60 * * * *', data: {} },
        { cron: '* * * * * *', data: {} },
        { cron: '0 0 * * *', timezone: 'Nowhere/Land', data: {} },
      ]
      for (const schedule of wrong)
        await rejectsWith('INVALID_INPUT', () => jobs.schedule(name, schedule)).catch((error: Error) => {
          throw new Error(`${JSON.stringify(schedule)}: ${error.message}`)
        })
    })

    test('are refused for jobs that may overlap', async ({ define, jobs }) => {
      const name = define()
      await rejectsWith('INVALID_INPUT', () => jobs.schedule(name, { everyMs: 1_000, data: {} }))
    })

    if (!waitsForCron) return
    test('by cron are due in their minute', async ({ define, watch, until, jobs, now }) => {
      const name = define({ serial: true })
      const seen = await watch(name)
      const scheduledAt = now().getTime()
      await jobs.schedule(name, { cron: '* * * * *', timezone: 'Asia/Kathmandu', data: { from: 'cron' } })
      await until('it ran', () => seen.length === 1, 150_000)
      assert.deepEqual(seen[0]?.data, { from: 'cron' })
      assert.ok((seen[0]?.startedAt ?? 0) >= scheduledAt)
      await jobs.unschedule(name)
    })
  })
}
