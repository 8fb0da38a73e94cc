import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { DeadJob } from '../ports/job-queue.ts'
import type { JobCase, JobQueueSuite } from './job-queue-contract-suite.ts'
import { rejectsWith } from './storage-contract-suite.ts'

/** Dead jobs: what failed for good is kept, listed and can be tried anew. */
export function deadJobsContract({ describe, test }: JobQueueSuite): void {
  describe('dead jobs', () => {
    test('are kept with all that a person needs, and nothing that a log may not say', async (given) => {
      const { define, enqueue, watch, until, jobs, now } = given
      const name = define({ attempts: 1 })
      const startedAt = now().getTime()
      await watch(name, (data) =>
        Promise.reject(
          data.ours
            ? new Igny8Error({ code: 'RATE_LIMITED', message: 'Wait.', cause: new Error('hunter2') })
            : Object.assign(new TypeError('hunter2'), { code: 'ERR_PARSE' }),
        ),
      )
      await enqueue(name, { key: 'a', data: { ours: true } })
      await until('one died', async () => (await jobs.counts()).get(name)?.dead === 1)
      await enqueue(name, { data: { ours: false } })
      await until('both died', async () => (await jobs.counts()).get(name)?.dead === 2)
      const { items, nextCursor } = await jobs.listDead({ name, limit: 10 })
      assert.equal(nextCursor, null)
      const [first, second] = items
      assert.deepEqual(withoutIdentity(first), {
        name,
        key: 'a',
        data: { ours: true },
        attempts: 1,
        error: { message: 'Wait.', code: 'RATE_LIMITED' },
      })
      assert.deepEqual(withoutIdentity(second), {
        name,
        key: undefined,
        data: { ours: false },
        attempts: 1,
        error: { message: 'TypeError', code: 'ERR_PARSE' },
      })
      assert.ok((first?.diedAt.getTime() ?? 0) >= startedAt - 1_000)
      assert.notEqual(first?.id, second?.id)
      assert.doesNotMatch(inspect(items, { depth: 9 }), /hunter2/)
    })

    test('are listed in pages, the oldest first, each once', async (given) => {
      const name = await killJobs(given, 5)
      const numbers: unknown[] = []
      let cursor: string | undefined
      let pages = 0
      do {
        const page = await given.jobs.listDead({ name, limit: 2, cursor })
        assert.ok(page.items.length > 0, 'no empty page')
        numbers.push(...page.items.map(({ data }) => data.number))
        cursor = page.nextCursor ?? undefined
        pages += 1
      } while (cursor !== undefined)
      assert.deepEqual([numbers, pages], [[1, 2, 3, 4, 5], 3])
    })

    test('are listed by limits and cursors that make sense', async ({ jobs, define, enqueue }) => {
      const name = define()
      await enqueue(name)
      assert.deepEqual(await jobs.listDead({ name, limit: 500 }), { items: [], nextCursor: null })
      for (const limit of [0, 501, 1.5, Number.NaN])
        await rejectsWith('INVALID_INPUT', () => jobs.listDead({ name, limit }))
      await rejectsWith('INVALID_INPUT', () => jobs.listDead({ name, limit: 1, cursor: 'made up' }))
    })

    test('become new again, one or all, with all attempts before them', async (given) => {
      const { jobs, until } = given
      let heals = false
      const seen: { number: unknown; attempt: number }[] = []
      const name = await killJobs(given, 3, async (number, attempt) => {
        if (!heals) throw new Error('no')
        seen.push({ number, attempt })
      })
      heals = true
      const { items } = await jobs.listDead({ name, limit: 10 })
      const second = items[1]
      assert.ok(second)
      assert.equal(await jobs.redrive({ name, ids: [second.id] }), 1)
      await until('it ran', () => seen.length === 1)
      assert.deepEqual(seen, [{ number: 2, attempt: 1 }])
      assert.equal(await jobs.redrive({ name, ids: [second.id] }), 0)
      assert.equal(await jobs.redrive({ name, ids: [] }), 0)
      assert.equal(await jobs.redrive({ name }), 2)
      await until('all ran', () => seen.length === 3)
      assert.deepEqual(await jobs.listDead({ name, limit: 10 }), { items: [], nextCursor: null })
    })

    test('of other names are left alone', async (given) => {
      const [one, two] = [await killJobs(given, 1), await killJobs(given, 1)]
      const [dead] = (await given.jobs.listDead({ name: one, limit: 1 })).items
      assert.ok(dead)
      assert.equal(await given.jobs.redrive({ name: two, ids: [dead.id] }), 0)
      assert.equal((await given.jobs.counts()).get(one)?.dead, 1)
      assert.equal((await given.jobs.counts()).get(two)?.dead, 1)
    })
  })
}

/** Lets so many jobs die one after the other. */
async function killJobs(
  given: JobCase,
  count: number,
  handle: (number: unknown, attempt: number) => Promise<void> = () => Promise.reject(new Error('no')),
): Promise<string> {
  const name = given.define({ attempts: 1 })
  await given.watch(name, (data, { attempt }) => handle(data.number, attempt))
  for (let number = 1; number <= count; number++) {
    await given.enqueue(name, { data: { number } })
    await given.until(`job ${number} died`, async () => (await given.jobs.counts()).get(name)?.dead === number)
  }
  return name
}

function withoutIdentity(job: DeadJob | undefined) {
  return job && { name: job.name, key: job.key, data: job.data, attempts: job.attempts, error: job.error }
}
