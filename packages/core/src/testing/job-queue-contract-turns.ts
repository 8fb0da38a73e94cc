import assert from 'node:assert/strict'
import { type JobCase, type JobQueueSuite, mostAtOnce, type SeenJob } from './job-queue-contract-suite.ts'
import { rejectsWith } from './storage-contract-suite.ts'

/** Turns: how many run at once, and that two serial jobs of a key never do. */
export function turnsContract({ describe, test }: JobQueueSuite): void {
  describe('turns', () => {
    test('works as many at once as the concurrency says, and no more', async ({
      define,
      enqueue,
      watch,
      until,
      hold,
      pass,
    }) => {
      const name = define({ concurrency: 3 })
      const held = hold()
      const seen = await watch(name, held.handle)
      for (let number = 0; number < 7; number++) await enqueue(name, { data: { number } })
      await until('three run', () => seen.length === 3)
      await pass(1_500)
      assert.equal(seen.length, 3)
      held.releaseAll()
      await until('all ran', () => seen.length === 7)
    })

    test('lets a free worker take the next job while another still runs', async ({
      define,
      enqueue,
      watch,
      until,
      hold,
    }) => {
      const name = define({ concurrency: 2 })
      const held = hold()
      const seen = await watch(name, (data, context) => (data.slow ? held.handle(data, context) : Promise.resolve()))
      await enqueue(name, { data: { slow: true } })
      for (let number = 0; number < 5; number++) await enqueue(name, { data: { number } })
      await until(
        'the others ran beside the slow one',
        () => seen.filter(({ endedAt }) => endedAt !== undefined).length === 5,
      )
    })

    test('never runs two serial jobs of one key at once', async (given) => {
      const name = given.define({ serial: true, concurrency: 4 })
      const seen = await given.watch(name, () => given.pass(60))
      await enqueueSerially(given, name, seen)
    })

    test('runs serial jobs of different keys side by side, and those without a key one by one', async (given) => {
      const { define, enqueue, watch, until, hold, pass } = given
      const name = define({ serial: true, concurrency: 4 })
      const held = hold()
      const seen = await watch(name, held.handle)
      for (const key of ['a', 'b']) await enqueue(name, { key, data: { key } })
      await until('both run', () => seen.length === 2)
      for (let number = 0; number < 2; number++) await enqueue(name, { data: { key: 'none' } })
      await until('one without a key runs', () => seen.length === 3)
      await pass(1_500)
      assert.deepEqual(seen.map(({ data }) => data.key).sort(), ['a', 'b', 'none'])
      held.releaseAll()
      await until('all ran', () => seen.length === 4)
    })

    test('does not hold up other keys behind a serial job that runs', async ({
      define,
      enqueue,
      watch,
      until,
      hold,
    }) => {
      const name = define({ serial: true, concurrency: 2 })
      const held = hold()
      const seen = await watch(name, (data, context) => (data.slow ? held.handle(data, context) : Promise.resolve()))
      await enqueue(name, { key: 'a', data: { slow: true } })
      await until('it runs', () => seen.length === 1)
      await enqueue(name, { key: 'a', data: { number: 1 } })
      await enqueue(name, { key: 'b', data: { number: 2 } })
      await until('the other key ran', () => seen.some(({ data }) => data.number === 2))
      assert.ok(!seen.some(({ data }) => data.number === 1), 'the same key waits')
      held.releaseAll()
      await until('the same key ran', () => seen.length === 3)
    })

    test('never runs two serial jobs of one key at once in two processes', async (given) => {
      if (given.openPeer === undefined) return
      const definition = { serial: true, concurrency: 4 }
      const name = given.define(definition)
      const peer = await given.peer()
      peer.define({ name, ...definition })
      const [mine, theirs] = [
        await given.watch(name, () => given.pass(60)),
        await given.watch(name, () => given.pass(60), peer),
      ]
      await enqueueSerially(given, name, () => [...mine, ...theirs])
    })

    test('does not change what serial was', async ({ define, enqueue, jobs }) => {
      const name = define({ serial: true })
      await enqueue(name)
      await rejectsWith('INVALID_INPUT', async () => {
        jobs.define({ name })
        await jobs.enqueue({ name, data: {} })
      })
    })
  })
}

/** Twelve jobs of three keys, whose starts and ends must not cross. */
async function enqueueSerially(given: JobCase, name: string, watched: SeenJob[] | (() => SeenJob[])): Promise<void> {
  const seen = () => (typeof watched === 'function' ? watched() : watched)
  const keys = ['a', 'b', 'c']
  for (let round = 1; round <= 4; round++) {
    for (const key of keys) await given.enqueue(name, { key, data: { key } })
    // The next round is added while this one runs, since a key that waits takes no second job.
    await given.until(`round ${round} began`, () => seen().length >= round * keys.length - 1)
    await given.until(`round ${round} waits no more`, async () => (await given.jobs.counts()).get(name)?.waiting === 0)
  }
  await given.until('all ended', () => seen().every(({ endedAt }) => endedAt !== undefined))
  for (const key of keys) assert.equal(mostAtOnce(seen().filter(({ data }) => data.key === key)), 1, `key ${key}`)
}
