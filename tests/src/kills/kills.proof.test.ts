import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@igny8-tools/postgres'
import { describe, expect, it } from 'vitest'
import { type KillReport, runKills } from './run-kills.ts'

const { env } = process
const scale = Number(env.IGNY8_PROOF_SCALE ?? '1')
const seed = Number(env.IGNY8_KILLS_SEED ?? '1')
const killsFor = (whole: number) =>
  Math.max(3, Math.round((env.IGNY8_KILLS === undefined ? whole : Number(env.IGNY8_KILLS)) * scale))
const minutes = env.IGNY8_KILLS_MINUTES === undefined ? undefined : Number(env.IGNY8_KILLS_MINUTES)
const isWanted = (database: string) => (env.IGNY8_KILLS_DATABASE ?? database) === database
const isLoud = env.IGNY8_KILLS_LOUD !== undefined

const reports: KillReport[] = []

async function judge(report: KillReport): Promise<void> {
  reports.push(report)
  const { database, kills, killsWithWork, recovery, edits, items, events, seconds } = report
  process.stdout.write(
    `${database}: ${kills} kills, ${killsWithWork} of them with work under way; ${edits} edits on ${items} items; recovery ${recovery.medianMs} ms, at most ${recovery.longestMs} of ${recovery.limitMs} ms, ${recovery.overdue} of them too long; ${events.delivered} events, ${events.again} of them again; ${report.duplicates.length} duplicates, ${report.lost.length} lost, ${report.others.length} other findings; ${seconds} s\n`,
  )
  if (env.IGNY8_KILLS_REPORT !== undefined) await writeFile(env.IGNY8_KILLS_REPORT, JSON.stringify(reports))
  expect(report).toMatchObject({ duplicates: [], lost: [], others: [] })
  expect(killsWithWork).toBeGreaterThan(0)
  expect(recovery.overdue).toBe(0)
}

// Skipped unless IGNY8_REQUIRE_SERVICES=1: it starts databases, and processes that it kills.
describe.skipIf(env.IGNY8_REQUIRE_SERVICES !== '1')(
  'processes that are killed at any moment lose and double nothing',
  () => {
    const postgresIt = isWanted('postgres') ? it : undefined
    const pgliteIt = isWanted('pglite') ? it : undefined

    postgresIt?.concurrent('two workers on PostgreSQL', async () => {
      const postgres = await startPostgres()
      try {
        const database = { url: postgres.url }
        await judge(
          await runKills({ name: 'postgres', database, workers: 2, kills: killsFor(200), minutes, seed, isLoud }),
        )
      } finally {
        await postgres.stop()
      }
    })

    pgliteIt?.concurrent('one worker on a folder of PGlite', async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'igny8-kills-'))
      try {
        await judge(
          await runKills({
            name: 'pglite',
            database: { dataDir },
            workers: 1,
            kills: killsFor(100),
            minutes,
            seed,
            isLoud,
          }),
        )
      } finally {
        await rm(dataDir, { recursive: true, force: true })
      }
    })
  },
)
