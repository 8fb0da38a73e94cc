import { parseArgs } from 'node:util'
import { createPgBossJobs } from '@igny8/jobs-pgboss'
import { startPostgres } from '@igny8-tools/postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import { PgBoss } from 'pg-boss'
import { median } from './median.ts'

// Enqueues and works jobs through our queue and on bare pg-boss, which does the same as fast as it can: as many jobs at once, in full batches without a
// pause between them. Usage: npm run bench:jobs -- [--json] [--assert] [--jobs 10000] [--rounds 5] [--concurrency 50]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    concurrency: { type: 'string', default: '50' },
  },
})
const jobCount = Number(values.jobs)
const rounds = Number(values.rounds)
const concurrency = Number(values.concurrency)
if (!Number.isInteger(jobCount) || jobCount < 100) throw new Error('--jobs must be 100 or more.')
if (!Number.isInteger(rounds) || rounds < 3) throw new Error('--rounds must be 3 or more.')
if (!Number.isInteger(concurrency) || concurrency < 1) throw new Error('--concurrency must be 1 or more.')

/** Our throughput, as a part of bare pg-boss's. */
const goal = 0.9
/** Calls of `enqueue` that are under way at once. */
const enqueuedAtOnce = 50

interface Times {
  readonly enqueueMs: number
  readonly workMs: number
}

const postgres = await startPostgres()
const pool = openPool(postgres.url)
const times: { ours: Times[]; bare: Times[] } = { ours: [], bare: [] }
try {
  // The first round lets the engine compile both, and is not counted.
  for (let round = 0; round <= rounds; round++) {
    // Whoever comes second in a round finds a bigger table: they take turns.
    const order = round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)
    for (const contestant of order) {
      const measured = await (contestant === 'ours' ? runOurs(round) : runBare(round))
      if (round > 0) times[contestant].push(measured)
    }
  }
} finally {
  await pool.end()
  await postgres.stop()
}

const rows = [
  { name: 'enqueue', of: ({ enqueueMs }: Times) => enqueueMs },
  { name: 'work', of: ({ workMs }: Times) => workMs },
  { name: 'both', of: ({ enqueueMs, workMs }: Times) => enqueueMs + workMs },
].map(({ name, of }) => {
  const [ours, bare] = [median(times.ours.map(of)), median(times.bare.map(of))]
  const ratio = Math.round((bare / ours) * 100) / 100
  return { name, oursPerSecond: perSecond(ours), barePerSecond: perSecond(bare), ratio, goal, met: ratio >= goal }
})
const passed = rows.every(({ met }) => met)
if (values.json)
  console.log(
    JSON.stringify({ bench: 'jobs', node: process.version, jobs: jobCount, concurrency, rounds, passed, ratios: rows }),
  )
else {
  console.table(rows)
  console.log(`${jobCount} jobs beside bare pg-boss: goals ${passed ? 'met' : 'NOT met'}`)
}
if (values.assert && !passed) process.exitCode = 1

async function runOurs(round: number): Promise<Times> {
  const name = `bench.ours.${round}`
  const jobs = createPgBossJobs({ pool, schema: 'bench_ours' })
  jobs.define({ name, concurrency })
  await jobs.prepare()
  const done = createTally()
  const enqueueMs = await timeOf(() => enqueueAll((number) => jobs.enqueue({ name, data: { number } })))
  const workMs = await timeOf(async () => {
    await jobs.work(name, async (data) => done.count(data.number))
    await done.all
  })
  await jobs.stop()
  await checkStored('bench_ours', name)
  return { enqueueMs, workMs }
}

async function runBare(round: number): Promise<Times> {
  const name = `bench.bare.${round}`
  const db = { executeSql: (text: string, parameters?: unknown[]) => pool.query(text, parameters) }
  const boss = new PgBoss({ db, schema: 'bench_bare' })
  await boss.start()
  await boss.createQueue(name)
  const done = createTally()
  const enqueueMs = await timeOf(() => enqueueAll((number) => boss.send(name, { number })))
  const workMs = await timeOf(async () => {
    const options = { batchSize: concurrency, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 }
    await boss.work<{ number: number }>(name, options, async (batch) => {
      for (const { data } of batch) done.count(data.number)
    })
    await done.all
  })
  await boss.stop({ close: false, timeout: 10_000 })
  await checkStored('bench_bare', name)
  return { enqueueMs, workMs }
}

async function enqueueAll(enqueue: (number: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < jobCount) if (!(await enqueue(next++))) throw new Error('A job was not added.')
  }
  await Promise.all(Array.from({ length: enqueuedAtOnce }, lane))
}

/** Sees every number once. */
function createTally() {
  const seen = new Set<number>()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return {
    all: promise,
    count(number: unknown) {
      if (typeof number !== 'number' || seen.has(number)) return reject(new Error(`Job ${String(number)} ran twice.`))
      seen.add(number)
      if (seen.size === jobCount) resolve()
    },
  }
}

/** All are done, as the database says, and none is left. */
async function checkStored(schema: string, name: string): Promise<void> {
  const { rows } = await pool.query(
    `SELECT state, count(*)::int AS count FROM ${schema}.job WHERE name = $1 GROUP BY state`,
    [name],
  )
  const found = JSON.stringify(rows)
  if (found !== JSON.stringify([{ state: 'completed', count: jobCount }])) throw new Error(`${name} ended as ${found}.`)
  await pool.query(`DELETE FROM ${schema}.job WHERE name = $1`, [name])
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function perSecond(milliseconds: number): number {
  return Math.round((jobCount / milliseconds) * 1_000)
}
