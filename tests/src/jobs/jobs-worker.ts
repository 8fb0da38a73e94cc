import { setTimeout } from 'node:timers/promises'
import { createPgBossJobs } from '@igny8/jobs-pgboss'
import pg from 'pg'

// A process that works the jobs of a test, and writes into a table when each began and ended. Usage: jobs-worker.ts WORKER

const worker = String(process.argv[2])
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 8 })
const jobs = createPgBossJobs({ pool, pollMs: 200 })
jobs.define({ name: 'slow', attempts: 3 })
jobs.define({ name: 'serial', serial: true, concurrency: 4 })

async function log(data: { readonly [key: string]: unknown }, attempt: number, workMs: number): Promise<void> {
  const { rows } = await pool.query(
    'INSERT INTO job_log (worker, job, key, attempt, started_at) VALUES ($1, $2, $3, $4, clock_timestamp()) RETURNING id',
    [worker, data.job, data.key, attempt],
  )
  await setTimeout(workMs)
  await pool.query('UPDATE job_log SET ended_at = clock_timestamp() WHERE id = $1', [rows[0].id])
}

await jobs.work('slow', (data, { attempt }) => log(data, attempt, attempt === 1 ? 600_000 : 10))
await jobs.work('serial', (data, { attempt }) => log(data, attempt, 20))
process.once('SIGTERM', async () => {
  await jobs.stop({ drainMs: 2_000 })
  await pool.end()
})
process.stdout.write('ready\n')
