import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { jobQueueContract } from '@igny8/core/testing'
import { createPgBossJobs, type PgBossJobs } from '@igny8/jobs-pgboss'
import { describeOnPostgres } from '@igny8-tools/postgres/describe-on-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describeOnPostgres('jobs on PostgreSQL', (url) => {
  let pool: pg.Pool
  const children: ChildProcess[] = []

  beforeAll(async () => {
    pool = openPool(url())
    await pool.query(`DROP TABLE IF EXISTS job_log; CREATE TABLE job_log (id bigserial PRIMARY KEY, worker text, job text, key text, attempt int,
      started_at timestamptz, ended_at timestamptz)`)
  })

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await pool?.end()
  })

  jobQueueContract({
    describe,
    it: (name, run) => it(name, run, 200_000),
    async createJobs() {
      const openPeer = async () => createPgBossJobs({ pool, pollMs: 200 })
      return {
        jobs: await openPeer(),
        openPeer,
        now: () => new Date(),
        pass: (ms) => setTimeout(ms),
        transact: (work) => transact(pool, work),
      }
    },
  })

  /** Starts a process that works jobs, and waits until it does. */
  async function startWorker(name: string): Promise<ChildProcess> {
    const script = fileURLToPath(new URL('./jobs-worker.ts', import.meta.url))
    const child = spawn(process.execPath, ['--conditions=@igny8/source', script, name], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, DATABASE_URL: url() },
    })
    children.push(child)
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once('data', () => resolve())
      child.once('exit', (code) => reject(new Error(`The worker ended with ${code}.`)))
    })
    return child
  }

  async function read(query: string): Promise<Record<string, unknown>[]> {
    return (await pool.query(query)).rows
  }

  async function until(what: string, condition: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
    for (const deadline = Date.now() + withinMs; Date.now() < deadline; await setTimeout(100))
      if (await condition()) return
    throw new Error(`Waited in vain until ${what}.`)
  }

  async function withJobs(work: (jobs: PgBossJobs) => Promise<void>): Promise<void> {
    const jobs = createPgBossJobs({ pool })
    jobs.define({ name: 'slow', attempts: 3 })
    jobs.define({ name: 'serial', serial: true, concurrency: 4 })
    try {
      await work(jobs)
    } finally {
      await jobs.stop({ drainMs: 0 })
    }
  }

  it('runs the job of a killed process elsewhere', async () => {
    await withJobs(async (jobs) => {
      const killed = await startWorker('killed')
      await jobs.enqueue({ name: 'slow', data: { job: 'one', key: 'slow' } })
      await until('the job runs', async () => (await read("SELECT 1 FROM job_log WHERE job = 'one'")).length === 1)
      killed.kill('SIGKILL')
      await startWorker('other')
      await until('the other worker has done it', async () => {
        const done = await read("SELECT 1 FROM job_log WHERE job = 'one' AND ended_at IS NOT NULL")
        return done.length === 1
      })
      expect(await read("SELECT worker, attempt FROM job_log WHERE job = 'one' ORDER BY id")).toEqual([
        { worker: 'killed', attempt: 1 },
        { worker: 'other', attempt: 2 },
      ])
      const [{ seconds } = {}] =
        await read(`SELECT extract(epoch FROM max(started_at) - min(started_at))::float AS seconds
        FROM job_log WHERE job = 'one'`)
      // Ten seconds without a heartbeat, two to find out, and the pause before the next attempt.
      expect(seconds).toBeLessThan(25)
    })
  })

  it('never lets serial jobs of a key overlap in two processes, of which one dies and one joins', async () => {
    await withJobs(async (jobs) => {
      const [first] = [await startWorker('first'), await startWorker('second')]
      const hasWorked = async (worker: string) =>
        (await read(`SELECT 1 FROM job_log WHERE worker = '${worker}' LIMIT 1`)).length === 1
      // On a busy machine the third takes a while to join.
      for (let round = 0; round < 60 || (round < 2_000 && !(await hasWorked('third'))); round++) {
        for (const key of ['a', 'b', 'c', 'd'])
          await jobs.enqueue({ name: 'serial', key, data: { job: `${round}`, key } })
        if (round === 30) first.kill('SIGKILL')
        if (round === 31) await startWorker('third')
        await setTimeout(15)
      }
      await until('nothing is left', async () => {
        const { waiting = 1, active = 1 } = (await jobs.counts()).get('serial') ?? {}
        return waiting + active === 0
      })
    })
    // What the killed worker had begun has no end of its own: it is over when the worker was, so the other's start may follow it.
    const overlaps =
      await read(`SELECT one.id FROM job_log one JOIN job_log two ON one.key = two.key AND one.id < two.id
      WHERE one.key <> 'slow' AND one.ended_at IS NOT NULL AND two.started_at < one.ended_at`)
    expect(overlaps).toEqual([])
    const [{ count, workers } = {}] = await read(
      "SELECT count(*)::int AS count, count(DISTINCT worker)::int AS workers FROM job_log WHERE key <> 'slow'",
    )
    expect(count).toBeGreaterThan(50)
    expect(workers).toBeGreaterThanOrEqual(3)
  })

  it('looks again where another process makes the schema at the same moment', async () => {
    let refusals = 0
    const raced = {
      async query(text: string, values?: unknown[]) {
        if (!/create schema/i.test(text) || ++refusals > 1) return pool.query(text, values)
        throw Object.assign(new Error('duplicate key value violates unique constraint'), { code: '23505' })
      },
    }
    const jobs = createPgBossJobs({ pool: raced, schema: 'raced' })
    jobs.define({ name: 'any' })
    try {
      await jobs.prepare()
      expect(refusals).toBe(2)
    } finally {
      await jobs.stop()
      await pool.query('DROP SCHEMA IF EXISTS raced CASCADE')
    }
  })

  it('starts safely in several processes at once, also where nothing is there yet', async () => {
    const schema = `fresh_${Date.now()}`
    const many = Array.from({ length: 6 }, () => createPgBossJobs({ pool, schema }))
    for (const jobs of many) jobs.define({ name: 'together', serial: true })
    await Promise.all(many.map((jobs) => jobs.prepare()))
    const added = await Promise.all(many.map((jobs) => jobs.enqueue({ name: 'together', key: 'a', data: {} })))
    expect(added.filter(Boolean)).toHaveLength(1)
    await Promise.all(many.map((jobs) => jobs.stop()))
    await pool.query(`DROP SCHEMA ${schema} CASCADE`)
  })
})

async function transact(pool: pg.Pool, work: (transaction: unknown) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await work(client)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}
