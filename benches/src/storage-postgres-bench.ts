import { parseArgs } from 'node:util'
import { buildLink, testAccountId } from '@igny8/core/testing'
import { createPostgresStorage } from '@igny8/storage-postgres'
import { findPrograms, startPostgres } from '@igny8-tools/postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import { median } from './median.ts'
import { checkLinks, createContestants } from './postgres-contestants.ts'

// The storage on PostgreSQL beside raw pg and beside COPY, writing links into the same table and changing them. Usage:
// npm run bench:storage-postgres -- [--json] [--assert] [--rows 10000] [--rounds 9]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    rows: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '9' },
  },
})
const rowCount = Number(values.rows)
const rounds = Number(values.rounds)
if (!Number.isInteger(rowCount) || rowCount < 1_000) throw new Error('--rows must be 1000 or more.')
if (!Number.isInteger(rounds) || rounds < 3) throw new Error('--rounds must be 3 or more.')

/**
 * How fast the storage is, as a share of the speed of each. COPY cannot change what stands. For changed rows there is no goal: the storage looks first whether another row
 * holds what has to be unique, and tells of each row whether it was replaced, which the raw statement does not.
 */
const goals = [
  { rows: 'new', beside: 'unnest', goal: 0.9 },
  { rows: 'new', beside: 'copy', goal: 0.6 },
  { rows: 'changed', beside: 'unnest', goal: null },
] as const

if (process.env.IGNY8_TEST_DATABASE_URL === undefined && (await findPrograms()) === undefined) {
  const why = 'no PostgreSQL is installed, and IGNY8_TEST_DATABASE_URL names none'
  if (values.json) console.log(JSON.stringify({ bench: 'storage-postgres', passed: false, skipped: why, ratios: [] }))
  else console.log(`skipped: ${why}`)
} else await bench()

async function bench(): Promise<void> {
  const server = process.env.IGNY8_TEST_DATABASE_URL === undefined ? await startPostgres() : undefined
  const pool = openPool(server?.url ?? process.env.IGNY8_TEST_DATABASE_URL ?? '', 2)
  const schema = 'igny8_bench'
  const storage = createPostgresStorage({ pool, schema })
  await storage.migrate()
  const base = {
    title: 'A title of ordinary length',
    excerpt: 'x'.repeat(300),
    tags: [1, 2, 3],
    meta: { seo: { score: 7 } },
  }
  const links = Array.from({ length: rowCount }, (_, index) =>
    buildLink({ localBase: base, remoteBase: { ...base, id: index } }, index + 1),
  )
  const contestants = createContestants(pool, schema, links)
  const times = new Map<string, number[]>()
  // The first round lets everything warm up and shows that each writes what it should; it is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const { name, write, change } of contestants) {
      await pool.query(`truncate ${schema}.links`)
      const writeMs = await timeOf(write)
      if (round === 0) await checkLinks(storage, links)
      else note(times, `new ${name}`, writeMs)
      if (change === undefined) continue
      const changeMs = await timeOf(change)
      if (round > 0) note(times, `changed ${name}`, changeMs)
    }
  }
  await storage.forAccount(testAccountId).removeAll()
  await pool.query(`drop schema ${schema} cascade`)
  await pool.end()
  await server?.stop()
  report(new Map([...times].map(([name, all]) => [name, median(all)])))
}

function report(medians: ReadonlyMap<string, number>): void {
  const rows = goals.map(({ rows, beside, goal }) => {
    const own = medians.get(`${rows} storage`) ?? Number.NaN
    const other = medians.get(`${rows} ${beside}`) ?? Number.NaN
    const ratio = round2(other / own)
    return {
      rows,
      beside,
      storageMs: round2(own),
      otherMs: round2(other),
      ratio,
      goal,
      met: goal === null || ratio >= goal,
    }
  })
  const passed = rows.every(({ met }) => met)
  if (values.json)
    console.log(
      JSON.stringify({
        bench: 'storage-postgres',
        node: process.version,
        rows: rowCount,
        rounds,
        passed,
        ratios: rows,
      }),
    )
  else {
    console.table(rows)
    console.log(
      `links written to PostgreSQL and changed there, ${rowCount} at once: goals ${passed ? 'met' : 'NOT met'}`,
    )
  }
  if (values.assert && !passed) process.exitCode = 1
}

function note(times: Map<string, number[]>, name: string, milliseconds: number): void {
  times.set(name, [...(times.get(name) ?? []), milliseconds])
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
