import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createPgBossJobs } from './create-pg-boss-jobs.ts'

/** A database that refuses everything, as servers do, with the data in the message. */
function createRefusingPool() {
  const refusal = Object.assign(new Error('password authentication failed for "hunter2"'), { code: '28P01' })
  let calls = 0
  return {
    calls: () => calls,
    query: async () => {
      calls += 1
      throw refusal
    },
  }
}

it('asks for a database at once', () => {
  expect(() => createPgBossJobs({ connectionString: 'postgres://localhost/app' } as never)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', hint: expect.any(String), details: { field: 'pool' } }),
  )
})

describe('a queue whose database fails', () => {
  it('says so in an error of ours that quotes nothing, and tries again at the next call', async () => {
    const pool = createRefusingPool()
    const jobs = createPgBossJobs({ pool })
    jobs.define({ name: 'job' })
    const error: unknown = await jobs.enqueue({ name: 'job', data: {} }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'STORAGE_FAILED', retryable: true, details: { sqlState: '28P01' } })
    expect(JSON.stringify(error)).not.toContain('hunter2')
    const before = pool.calls()
    await expect(jobs.counts()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    expect(pool.calls()).toBeGreaterThan(before)
    await jobs.stop()
  })

  it('stops all the same, and takes nothing afterwards', async () => {
    const jobs = createPgBossJobs({ pool: createRefusingPool() })
    jobs.define({ name: 'job' })
    await Promise.all([jobs.stop(), jobs.stop()])
    expect(await jobs.enqueue({ name: 'job', data: {} })).toBe(false)
    await expect(jobs.counts()).rejects.toMatchObject({ code: 'STOPPED' })
  })
})

it('does nothing before its first use', async () => {
  const pool = createRefusingPool()
  const jobs = createPgBossJobs({ pool })
  jobs.define({ name: 'job' })
  expect([pool.calls(), jobs.capabilities]).toEqual([0, { durable: true, transactional: true }])
  await jobs.stop()
  expect(pool.calls()).toBe(0)
})

it.each(['', 'Jobs', 'a"b', 'x; DROP TABLE y', '1st', 'a'.repeat(51)])('refuses the schema %j', (schema) => {
  expect(() => createPgBossJobs({ pool: createRefusingPool(), schema })).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', details: { field: 'schema' } }),
  )
})

it('shows no connection when it is inspected', () => {
  const jobs = createPgBossJobs({ pool: { ...createRefusingPool(), password: 'hunter2' } as never })
  expect(inspect(jobs, { depth: 9 })).not.toContain('hunter2')
})
