import type { Clock } from '@igny8/core'
import { createFakeClock } from '@igny8/core/testing'
import { expect, it } from 'vitest'
import { lendClient } from './lend-client.ts'
import type { PooledPostgresClient } from './postgres-pool.ts'

function createClient() {
  const given: unknown[] = []
  const client: PooledPostgresClient = {
    query: () => Promise.reject(new Error('Nothing is asked here.')),
    on: () => undefined,
    removeListener: () => undefined,
    release: (broken) => void given.push(broken),
  }
  return { client, given }
}

/** A clock that says how often somebody waits by it. */
function createWatchedClock() {
  const clock = createFakeClock()
  let waits = 0
  const watched: Clock = {
    now: clock.now,
    wait(ms, signal) {
      waits++
      return clock.wait(ms, signal)
    },
  }
  return { clock, watched, waits: () => waits }
}

it('takes a free client without a timer', async () => {
  const { client, given } = createClient()
  const { watched, waits } = createWatchedClock()
  // A pool hands a free client over in the next tick.
  const connect = () => new Promise<PooledPostgresClient>((resolve) => process.nextTick(resolve, client))
  const lent = await lendClient({ connect }, watched, 1_000)
  expect([lent.client, waits()]).toEqual([client, 0])
  lent.giveBack(false)
  expect(given).toEqual([false])
})

it('waits so long for one that is in use, and gives back what comes too late', async () => {
  const { client, given } = createClient()
  const { clock, watched, waits } = createWatchedClock()
  const coming = Promise.withResolvers<PooledPostgresClient>()
  const lending = lendClient({ connect: () => coming.promise }, watched, 1_000)
  const outcome = expect(lending).rejects.toMatchObject({ code: 'STORAGE_FAILED', retryable: true })
  await expect.poll(waits).toBe(1)
  await clock.advance(1_000)
  await outcome
  coming.resolve(client)
  await expect.poll(() => given).toEqual([undefined])
})

it('takes one that comes while it waits', async () => {
  const { client } = createClient()
  const { watched, waits } = createWatchedClock()
  const coming = Promise.withResolvers<PooledPostgresClient>()
  const lending = lendClient({ connect: () => coming.promise }, watched, 1_000)
  await expect.poll(waits).toBe(1)
  coming.resolve(client)
  expect((await lending).client).toBe(client)
})

it('says at once what the pool fails of', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const { watched } = createWatchedClock()
  const lending = lendClient({ connect: () => Promise.reject(refused) }, watched, 1_000)
  await expect(lending).rejects.toMatchObject({ code: 'STORAGE_FAILED', retryable: true })
})
