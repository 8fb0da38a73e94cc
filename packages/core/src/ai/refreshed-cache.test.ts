import { expect, it } from 'vitest'
import { createFakeClock } from '../testing/create-fake-clock.ts'
import { createRefreshedCache } from './refreshed-cache.ts'

/** A source whose answers the test gives one by one. */
function startCache(maxEntries = 10) {
  const clock = createFakeClock()
  const loads: { readonly key: string; readonly answer: PromiseWithResolvers<string> }[] = []
  const warned: string[] = []
  const silent = () => undefined
  const cache = createRefreshedCache<string>({
    load(key) {
      const answer = Promise.withResolvers<string>()
      loads.push({ key, answer })
      return answer.promise
    },
    clock,
    logger: { debug: silent, info: silent, error: silent, warn: (message) => void warned.push(message) },
    ttlMs: 60_000,
    maxStaleMs: 600_000,
    maxEntries,
  })
  const answer = async (value: string, at = loads.length - 1) => {
    loads[at]?.answer.resolve(value)
    await clock.advance(0)
  }
  const fail = async () => {
    loads.at(-1)?.answer.reject(new Error('down'))
    await clock.advance(0)
  }
  return { clock, cache, loads, warned, answer, fail }
}

it('reads once for all who wait', async () => {
  const { cache, loads, answer } = startCache()
  const both = Promise.all([cache.get('a'), cache.get('a')])
  await answer('one')
  expect([await both, loads.length]).toEqual([['one', 'one'], 1])
})

it('serves what it knows up to its age, then serves it once more while it reads again', async () => {
  const { cache, loads, answer, clock } = startCache()
  const first = cache.get('a')
  await answer('one')
  await first
  await clock.advance(59_999)
  expect([await cache.get('a'), loads.length]).toEqual(['one', 1])
  await clock.advance(1)
  expect([await cache.get('a'), await cache.get('a'), loads.length]).toEqual(['one', 'one', 2])
  await answer('two')
  expect([await cache.get('a'), loads.length]).toEqual(['two', 2])
})

it('keeps what it knows when reading fails, says so, and tries again soon but not at once', async () => {
  const { cache, loads, answer, fail, clock, warned } = startCache()
  const first = cache.get('a')
  await answer('one')
  await first
  await clock.advance(60_000)
  await cache.get('a')
  await fail()
  expect([await cache.get('a'), loads.length, warned.length]).toEqual(['one', 2, 1])
  await clock.advance(4_999)
  expect([await cache.get('a'), loads.length]).toEqual(['one', 2])
  await clock.advance(1)
  expect([await cache.get('a'), loads.length]).toEqual(['one', 3])
})

it('waits for what is new where the old is too old, and takes the old where that fails', async () => {
  const { cache, answer, fail, clock } = startCache()
  const first = cache.get('a')
  await answer('one')
  await first
  await clock.advance(600_000)
  const late = cache.get('a')
  await answer('two')
  expect(await late).toBe('two')
  await clock.advance(600_000)
  const failed = cache.get('a')
  await fail()
  expect(await failed).toBe('two')
})

it('fails where nothing is known, and reads again at the next call', async () => {
  const { cache, answer, fail } = startCache()
  const first = expect(cache.get('a')).rejects.toThrow('down')
  await fail()
  await first
  const second = cache.get('a')
  await answer('one')
  expect(await second).toBe('one')
})

it('never keeps what was on its way when it was told to forget', async () => {
  const { cache, answer, loads } = startCache()
  const old = cache.get('a')
  cache.invalidate('a')
  const fresh = cache.get('a')
  await answer('new', 1)
  await answer('old', 0)
  expect([await old, await fresh, await cache.get('a'), loads.length]).toEqual(['old', 'new', 'new', 2])
})

it('forgets one key, or all', async () => {
  const { cache, answer, loads } = startCache()
  for (const key of ['a', 'b']) {
    const value = cache.get(key)
    await answer(key)
    await value
  }
  cache.invalidate('a')
  await cache.get('b')
  expect(loads.length).toBe(2)
  void cache.get('a')
  expect(loads.length).toBe(3)
  cache.invalidate()
  void cache.get('b')
  expect(loads.length).toBe(4)
})

it('holds only so many keys, and forgets the one used longest ago', async () => {
  const { cache, answer, loads } = startCache(2)
  const read = async (key: string) => {
    const before = loads.length
    const value = cache.get(key)
    if (loads.length > before) await answer(key)
    await value
    return loads.length > before
  }
  expect([await read('a'), await read('b'), await read('a'), await read('c')]).toEqual([true, true, false, true])
  expect([await read('a'), await read('b')]).toEqual([false, true])
})
