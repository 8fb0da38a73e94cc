import assert from 'node:assert/strict'
import { isIgny8Error } from '../errors/igny8-error.ts'
import type { JobQueueSuite } from './job-queue-contract-suite.ts'

/** Stop: what runs may end, what does not is told to, nothing new begins. */
export function stopContract({ describe, test }: JobQueueSuite): void {
  describe('stop', () => {
    test('waits for what runs, and begins nothing new', async ({ define, enqueue, watch, until, pass, hold, jobs }) => {
      const name = define({ concurrency: 1 })
      const held = hold()
      const seen = await watch(name, held.handle)
      for (let number = 0; number < 3; number++) await enqueue(name, { data: { number } })
      await until('one runs', () => seen.length === 1)
      let over = false
      const stopped = jobs.stop({ drainMs: 60_000 }).then(() => {
        over = true
      })
      await pass(1_000)
      assert.deepEqual([over, held.signals[0]?.aborted], [false, false])
      assert.equal(await enqueue(name), false)
      held.releaseAll()
      await until('it stopped', () => over)
      await stopped
      assert.equal(seen.length, 1)
      await jobs.stop()
      assert.equal(await enqueue(name), false)
    })

    test('aborts what still runs after the drain', async ({ define, enqueue, watch, until, hold, jobs }) => {
      const name = define()
      const held = hold()
      const seen = await watch(name, held.handle)
      await enqueue(name)
      await until('it runs', () => seen.length === 1)
      let over = false
      void jobs.stop({ drainMs: 300 }).then(() => {
        over = true
      })
      await until('it stopped', () => over)
      const [signal] = held.signals
      assert.ok(signal?.aborted && isIgny8Error(signal.reason) && signal.reason.code === 'STOPPED')
      assert.notEqual(seen[0]?.endedAt, undefined)
    })

    test('leaves what it interrupted, and what waits, to other processes', async (given) => {
      const { define, enqueue, watch, until, hold, jobs, openPeer } = given
      if (openPeer === undefined || !jobs.capabilities.durable) return
      const definition = { attempts: 3, concurrency: 1, backoffMs: 1_000, backoffLimitMs: 1_000 }
      const name = define(definition)
      const held = hold()
      const seen = await watch(name, held.handle)
      for (let number = 1; number <= 2; number++) await enqueue(name, { data: { number } })
      await until('one runs', () => seen.length === 1)
      await jobs.stop({ drainMs: 0 })
      const peer = await given.peer()
      peer.define({ name, ...definition })
      const elsewhere = await watch(name, async () => undefined, peer)
      await until('both ran elsewhere', () => new Set(elsewhere.map(({ data }) => data.number)).size === 2)
    })
  })
}
