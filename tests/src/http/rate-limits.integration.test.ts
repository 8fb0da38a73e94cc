import type { RateLimiter } from '@igny8/core'
import { createPostgresRateLimits } from '@igny8/http/postgres-rate-limits'
import { describeOnPostgres } from '@igny8-tools/postgres/describe-on-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import type { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'

/** Six in three seconds. */
const limit = { burst: 6, perSecond: 2 }
const now = new Date('2026-11-28T12:00:00Z')

describeOnPostgres('Rate limits on one PostgreSQL', (databaseUrl) => {
  let pools: readonly [Pool, Pool]
  beforeAll(() => {
    pools = [openPool(databaseUrl(), 4), openPool(databaseUrl(), 4)]
  })
  afterAll(async () => {
    for (const pool of pools ?? []) await pool.end()
  })
  beforeEach(() => void vi.useFakeTimers({ now, toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())

  /** As two processes have them, which make the table at once. */
  async function createBoth(name: string): Promise<readonly [RateLimiter, RateLimiter]> {
    const [first, second] = await Promise.all(pools.map((pool) => createPostgresRateLimits({ pool })))
    if (first === undefined || second === undefined) throw new Error('There are two pools.')
    return [first(name, limit), second(name, limit)]
  }

  it('are used up together, and exactly, however many ask at once', async () => {
    const both = await createBoth('together')
    const waits = await Promise.all(
      Array.from({ length: 20 }, (_, number) => both[number % 2 === 0 ? 0 : 1].take('a', now)),
    )
    expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(limit.burst)
    for (const waitMs of waits.filter((one) => one > 0)) expect(waitMs).toBeLessThanOrEqual(3_000)
  })

  it('tell when there is more, and are right about it', async () => {
    const [one, other] = await createBoth('later')
    for (let number = 0; number < limit.burst; number++) expect(await one.take('a', now)).toBe(0)
    vi.setSystemTime(now.getTime() + 1_000)
    expect([await one.take('a', now), await other.take('a', now)]).toEqual([2_000, 2_000])
    vi.setSystemTime(now.getTime() + 2_999)
    expect(await other.take('a', now)).toBe(1)
    vi.setSystemTime(now.getTime() + 3_001)
    expect([await other.take('a', now), await one.take('a', now)]).toEqual([0, 0])
  })

  it('are one for each key and each name, whatever they are', async () => {
    const [one] = await createBoth('apart')
    const [named] = await createBoth('apart as well')
    const keys = ['a', 'b', 'x'.repeat(300), "'; drop table igny8_rate_limits; --", '']
    for (let number = 0; number < limit.burst; number++)
      for (const key of keys) expect(await one.take(key, now)).toBe(0)
    for (const key of keys) expect(await one.take(key, now)).toBeGreaterThan(0)
    expect(await named.take('a', now)).toBe(0)
  })

  it('hold off whoever has used one up without asking the database again', async () => {
    const [one] = await createBoth('flood')
    for (let number = 0; number < limit.burst; number++) await one.take('a', now)
    const query = vi.spyOn(pools[0], 'query')
    expect(await one.take('a', now)).toBeGreaterThan(0)
    expect(query).not.toHaveBeenCalled()
    query.mockRestore()
  })

  it('are kept by each process while the database fails: nobody is locked out, or let in without a limit', async () => {
    const warn = vi.fn()
    const query = vi.fn(async (_query: unknown): Promise<unknown> => undefined)
    const create = await createPostgresRateLimits({
      pool: { query },
      logger: { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() },
    })
    query.mockRejectedValue(new Error('connection lost'))
    const limiter = create('failing', limit)
    for (let number = 0; number < limit.burst; number++) expect(await limiter.take('a', now)).toBe(0)
    expect(await limiter.take('a', now)).toBeGreaterThan(0)
    expect(warn).toHaveBeenCalled()
  })

  it('take no name of a table that is more than a name', async () => {
    await expect(createPostgresRateLimits({ pool: pools[0], tableName: 'a; drop table b' })).rejects.toThrow(TypeError)
  })
})
