import assert from 'node:assert/strict'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { JobQueueSuite } from './job-queue-contract-suite.ts'

/** Attempts: how often, how far apart, how long. */
export function attemptsContract({ describe, test }: JobQueueSuite): void {
  describe('attempts', () => {
    test('are as many as defined, numbered, with growing pauses of at least half the backoff', async (given) => {
      const { define, enqueue, watch, until, jobs } = given
      const name = define({ attempts: 3, backoffMs: 1_000, backoffLimitMs: 2_000 })
      const seen = await watch(name, () => Promise.reject(new Error('no')))
      await enqueue(name)
      await until('the job died', async () => (await jobs.counts()).get(name)?.dead === 1)
      assert.deepEqual(
        seen.map(({ attempt }) => attempt),
        [1, 2, 3],
      )
      const [first, second, third] = seen.map(({ startedAt }) => startedAt)
      assert.ok((second ?? 0) - (first ?? 0) >= 500, 'half a second after the first')
      assert.ok((third ?? 0) - (second ?? 0) >= 1_000, 'a second after the second')
    })

    test('end with the first that succeeds', async ({ define, enqueue, watch, until, pass, jobs }) => {
      const name = define({ attempts: 5 })
      const seen = await watch(name, async (_data, { attempt }) => {
        if (attempt < 2) throw new Error('no')
      })
      await enqueue(name)
      await until('the second succeeded', () => seen.length === 2 && seen[1]?.endedAt !== undefined)
      await pass(2_500)
      assert.equal(seen.length, 2)
      assert.deepEqual((await jobs.counts()).get(name), { waiting: 0, active: 0, dead: 0 })
    })

    test('do not hold up other jobs while they pause', async ({ define, enqueue, watch, until }) => {
      const name = define({ concurrency: 1, attempts: 2, backoffMs: 4_000, backoffLimitMs: 4_000 })
      const seen = await watch(name, async (data) => {
        if (data.fails) throw new Error('no')
      })
      await enqueue(name, { data: { fails: true } })
      await until('it failed', () => seen.length === 1)
      await enqueue(name, { data: { fails: false } })
      await until('the other ran', () => seen.length >= 2)
      assert.equal(seen[1]?.data.fails, false)
    })

    test('have a time limit: the signal aborts, and the job is tried again', async (given) => {
      const { define, enqueue, watch, until, hold } = given
      const name = define({ attempts: 2, expireMs: 1_000 })
      const held = hold()
      const seen = await watch(name, (data, context) =>
        context.attempt === 1 ? held.handle(data, context) : Promise.resolve(),
      )
      await enqueue(name)
      await until('the signal aborted', () => held.signals[0]?.aborted === true)
      const reason: unknown = held.signals[0]?.reason
      assert.ok(reason instanceof Igny8Error && reason.code === 'TIMEOUT')
      assert.ok((seen[0]?.endedAt ?? 0) - (seen[0]?.startedAt ?? 0) >= 1_000)
      await until('it was tried again', () => seen.length === 2)
      assert.equal(seen[1]?.attempt, 2)
    })

    test('may say that they are alive', async ({ define, enqueue, watch, until }) => {
      const name = define({ attempts: 1 })
      const seen = await watch(name, (_data, { heartbeat }) => heartbeat())
      await enqueue(name)
      await until('it ended', () => seen[0]?.endedAt !== undefined)
    })
  })
}
