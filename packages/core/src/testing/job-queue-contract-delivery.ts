import assert from 'node:assert/strict'
import type { JobQueueSuite } from './job-queue-contract-suite.ts'
import { atOnce, rejectsWith } from './storage-contract-suite.ts'

/** Delivery: every job reaches a handler, keys save double work, times are kept. */
export function deliveryContract({ describe, test }: JobQueueSuite): void {
  describe('delivery', () => {
    test('hands every job to the handler with its data, as a first attempt', async ({
      define,
      enqueue,
      watch,
      until,
    }) => {
      const name = define({ concurrency: 4 })
      for (const number of [1, 2, 3, 4, 5, 6]) assert.equal(await enqueue(name, { data: { number } }), true)
      const seen = await watch(name)
      await until('all jobs ran', () => seen.length === 6)
      assert.deepEqual(seen.map(({ data }) => data.number).sort(), [1, 2, 3, 4, 5, 6])
      assert.deepEqual(new Set(seen.map(({ attempt }) => attempt)), new Set([1]))
    })

    test('keeps plain data as it was when it was enqueued', async ({ define, enqueue, watch, until }) => {
      const name = define()
      const data = { text: 'Ä "quoted" \\ \n 🦉', number: -0.5, none: null, list: [1, { deep: true }] }
      const given = structuredClone(data)
      await enqueue(name, { data: given })
      given.list.push(2)
      const seen = await watch(name)
      await until('the job ran', () => seen.length === 1)
      assert.deepEqual(seen[0]?.data, data)
    })

    test('refuses names that were not defined, or cannot be', async ({ jobs }) => {
      await rejectsWith('INVALID_INPUT', () => jobs.enqueue({ name: 'nobody', data: {} }))
      await rejectsWith('INVALID_INPUT', () => jobs.work('nobody', async () => undefined))
      await rejectsWith('INVALID_INPUT', () => jobs.schedule('nobody', { everyMs: 1_000, data: {} }))
      await rejectsWith('INVALID_INPUT', () => jobs.listDead({ name: 'nobody', limit: 1 }))
      await rejectsWith('INVALID_INPUT', () => jobs.redrive({ name: 'nobody' }))
      for (const wrong of [{ name: 'two words' }, { name: 'a', attempts: 0 }, { name: 'a', concurrency: 0.5 }])
        await rejectsWith('INVALID_INPUT', async () => jobs.define(wrong))
    })

    test('adds no second job under a key that waits, and gives the first the newest data', async (given) => {
      const { define, enqueue, watch, until } = given
      const [name, other] = [define(), define()]
      assert.equal(await enqueue(name, { key: 'a', data: { number: 1 } }), true)
      assert.equal(await enqueue(name, { key: 'a', data: { number: 2 } }), false)
      assert.equal(await enqueue(name, { key: 'b', data: { number: 3 } }), true)
      assert.equal(await enqueue(other, { key: 'a' }), true)
      const seen = await watch(name)
      await until('both jobs ran', () => seen.length === 2)
      assert.deepEqual(seen.map(({ data }) => data.number).sort(), [2, 3])
    })

    test('adds one job under a key although many ask at once', async ({ define, enqueue, jobs }) => {
      const name = define()
      const added = await atOnce(8, () => enqueue(name, { key: 'a' }))
      assert.equal(added.filter(Boolean).length, 1)
      assert.equal((await jobs.counts()).get(name)?.waiting, 1)
    })

    test('adds a job under a key while another runs: what changed since must not be missed', async (given) => {
      const { define, enqueue, watch, until, hold } = given
      const name = define({ concurrency: 2 })
      const held = hold()
      const seen = await watch(name, held.handle)
      await enqueue(name, { key: 'a' })
      await until('the job runs', () => seen.length === 1)
      assert.equal(await enqueue(name, { key: 'a' }), true)
      held.releaseAll()
      await until('the second ran', () => seen.length === 2)
    })

    test('starts a job not before its time, unless it is brought forward', async ({
      define,
      enqueue,
      watch,
      until,
      now,
    }) => {
      const name = define()
      const startAfter = new Date(now().getTime() + 2_000)
      const farAway = new Date(now().getTime() + 86_400_000)
      assert.equal(await enqueue(name, { key: 'a', startAfter }), true)
      assert.equal(await enqueue(name, { key: 'a', startAfter: farAway }), false)
      assert.equal(await enqueue(name, { key: 'b', startAfter: farAway }), true)
      assert.equal(await enqueue(name, { key: 'b', data: { forward: true } }), false)
      const seen = await watch(name)
      await until('both jobs ran', () => seen.length === 2)
      const [forward, timely] = seen
      assert.equal(forward?.data.forward, true)
      assert.ok((timely?.startedAt ?? 0) >= startAfter.getTime(), 'not before its time')
    })

    test('counts what waits and what runs', async ({ define, enqueue, watch, until, hold, jobs, now }) => {
      const name = define({ concurrency: 1 })
      const counts = async () => (await jobs.counts()).get(name)
      assert.deepEqual(await counts(), { waiting: 0, active: 0, dead: 0 })
      for (const number of [1, 2]) await enqueue(name, { data: { number } })
      await enqueue(name, { startAfter: new Date(now().getTime() + 86_400_000) })
      const held = hold()
      const seen = await watch(name, held.handle)
      await until('one runs', () => seen.length === 1)
      assert.deepEqual(await counts(), { waiting: 2, active: 1, dead: 0 })
      held.releaseAll()
      await until('the later one is left', async () => (await counts())?.active === 0 && seen.length === 2)
      assert.deepEqual(await counts(), { waiting: 1, active: 0, dead: 0 })
    })

    test('takes part in the caller’s transaction, or refuses it', async (given) => {
      const { jobs, define, enqueue, watch, until, transact } = given
      const name = define()
      if (!jobs.capabilities.transactional)
        return rejectsWith('UNSUPPORTED', () => enqueue(name, { transaction: { query: async () => ({ rows: [] }) } }))
      assert.ok(transact, 'a transactional queue is tested with `transact`')
      const seen = await watch(name)
      const undone = new Error('rolled back on purpose')
      await assert.rejects(
        transact(async (transaction) => {
          assert.equal(await enqueue(name, { data: { undone: true }, transaction }), true)
          assert.equal(await enqueue(name, { key: 'a', data: { undone: true }, transaction }), true)
          throw undone
        }),
        (error) => error === undone,
      )
      await transact(async (transaction) => {
        assert.equal(await enqueue(name, { key: 'a', data: { kept: true }, transaction }), true)
      })
      await until('the committed job ran', () => seen.length > 0)
      assert.deepEqual(
        seen.map(({ data }) => data),
        [{ kept: true }],
      )
    })
  })
}
