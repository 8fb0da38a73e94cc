import { setTimeout } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import { jobQueueContract } from '@igny8/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { createPgBossJobs, type PgBossJobs } from './create-pg-boss-jobs.ts'

const pglite = new PGlite()
afterAll(() => pglite.close())

const openJobs = (): PgBossJobs => createPgBossJobs({ pglite, pollMs: 200 })

jobQueueContract({
  describe,
  it: (name, run) => it(name, run, 200_000),
  waitsForCron: false,
  createJobs: async () => ({
    jobs: openJobs(),
    openPeer: async () => openJobs(),
    now: () => new Date(),
    pass: (ms) => setTimeout(ms),
    transact: (work) => pglite.transaction(work),
  }),
})

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await condition()) return
    await setTimeout(100)
  }
  throw new Error(`Waited in vain until ${what}.`)
}

const stored = async (name: string) =>
  (
    await pglite.query<{ state: string; output: unknown }>('SELECT state, output FROM pgboss.job WHERE name = $1', [
      name,
    ])
  ).rows

describe('jobs in PGlite', () => {
  it('refuse a transaction that would wait for itself, and take it once they are prepared', async () => {
    const jobs = openJobs()
    jobs.define({ name: 'transaction' })
    const enqueue = () =>
      pglite.transaction((transaction) => jobs.enqueue({ name: 'transaction', data: {}, transaction }))
    await expect(enqueue()).rejects.toMatchObject({ code: 'NOT_STARTED' })
    await jobs.prepare()
    expect(await enqueue()).toBe(true)
    await jobs.stop()
  })

  it('that a stop interrupts keep their attempts, also the only one', async () => {
    const jobs = openJobs()
    jobs.define({ name: 'interrupted', attempts: 1 })
    let begun = false
    await jobs.work('interrupted', (_data, { signal }) => {
      begun = true
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    await jobs.enqueue({ name: 'interrupted', key: 'a', data: { number: 1 } })
    await until('it runs', () => begun)
    await jobs.stop({ drainMs: 0 })
    const next = openJobs()
    next.define({ name: 'interrupted', attempts: 1 })
    expect((await next.counts()).get('interrupted')).toEqual({ waiting: 1, active: 0, dead: 0 })
    const attempts: number[] = []
    await next.work('interrupted', async (_data, { attempt }) => void attempts.push(attempt))
    await until('it ran', () => attempts.length === 1)
    expect(attempts).toEqual([1])
    await next.stop()
  })

  it('hear that they were given to another worker', async () => {
    const jobs = openJobs()
    jobs.define({ name: 'taken', attempts: 5 })
    const reasons: unknown[] = []
    const heartbeats: unknown[] = []
    await jobs.work('taken', async (_data, { attempt, signal, heartbeat }) => {
      if (attempt > 1) return
      await pglite.query(
        "UPDATE pgboss.job SET state = 'retry', start_after = now() + interval '1 second' WHERE name = 'taken'",
      )
      await heartbeat().catch((error: unknown) => heartbeats.push(error))
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      reasons.push(signal.reason)
      throw new Error('too late')
    })
    await jobs.enqueue({ name: 'taken', data: {} })
    await until('it is over', async () => (await stored('taken')).every(({ state }) => state === 'completed'))
    expect(reasons).toMatchObject([{ code: 'LEASE_LOST' }])
    expect(heartbeats).toMatchObject([{ code: 'LEASE_LOST' }])
    expect((await jobs.counts()).get('taken')).toEqual({ waiting: 0, active: 0, dead: 0 })
    await jobs.stop()
  })

  it('make up once for what a schedule missed while nobody was there', async () => {
    const jobs = openJobs()
    for (const name of ['once', 'skip']) jobs.define({ name, serial: true })
    const seen: string[] = []
    for (const name of ['once', 'skip'] as const) {
      await jobs.work(name, async () => void seen.push(name))
      await jobs.schedule(name, { everyMs: 86_400_000, data: {}, missed: name })
    }
    await until('the one ran', () => seen.length === 1)
    const next = openJobs()
    next.define({ name: 'once', serial: true })
    await next.work('once', async () => void seen.push('again'))
    await next.schedule('once', { everyMs: 86_400_000, data: {}, missed: 'once' })
    await setTimeout(1_500)
    expect(seen).toEqual(['once'])
    await Promise.all([jobs.stop(), next.stop()])
  })

  it('do not pile up while a schedule goes on and nobody works', async () => {
    const jobs = openJobs()
    jobs.define({ name: 'unworked', serial: true })
    const key = Buffer.from('["unworked","schedule"]').toString('base64url')
    const ticks = async () =>
      (await pglite.query("SELECT state FROM pgboss.job WHERE name = 'igny8.ticks' AND singleton_key = $1", [key])).rows
    await jobs.schedule('unworked', { everyMs: 1_000, data: {} })
    await until('the first tick is there', async () => (await ticks()).length > 0)
    await setTimeout(2_500)
    expect(await ticks()).toEqual([{ state: 'created' }])
    await jobs.stop()
  })

  it('keep of a failure only what a log may say', async () => {
    const jobs = openJobs()
    jobs.define({ name: 'quiet', attempts: 1 })
    await jobs.work('quiet', () => Promise.reject(new Error('cannot parse hunter2')))
    await jobs.enqueue({ name: 'quiet', data: {} })
    await until('it died', async () => (await jobs.counts()).get('quiet')?.dead === 1)
    expect(JSON.stringify([await stored('quiet'), await stored('quiet.dead')])).not.toContain('hunter2')
    await jobs.stop()
  })

  it('are not kept when they are done, the dead longer than those', async () => {
    const { rows } = await pglite.query<{ name: string; done: number; kept: number }>(
      "SELECT name, deletion_seconds AS done, retention_seconds AS kept FROM pgboss.queue WHERE name IN ('quiet', 'quiet.dead')",
    )
    expect(rows.find(({ name }) => name === 'quiet')?.done).toBe(600)
    expect(rows.find(({ name }) => name === 'quiet.dead')?.kept).toBe(30 * 86_400)
  })
})
