import { createPostgresStorage } from '@igny8/storage-postgres'
import { describeOnPostgres } from '@igny8-tools/postgres/describe-on-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import { describe, expect, it } from 'vitest'
import { runKilledTicks } from './killed-ticks.ts'

const modes = ['tick', 'remote-future'] as const
const scale = Number(process.env.IGNY8_PROOF_SCALE ?? '1')
const rounds = Math.max(1, Math.round(1_000 * scale))
const roundsOnPostgres = Math.max(1, Math.round(20 * scale))

describe('two processes that tick and die', () => {
  it.each(modes)(
    `exceed no limit, publish nothing twice and leave nothing in ${rounds} rounds, mode %s`,
    async (mode) => {
      let deaths = 0
      for (let seed = 1; seed <= rounds; seed++) deaths += (await runKilledTicks(seed, undefined, mode)).deaths
      expect(deaths).toBeGreaterThanOrEqual(rounds)
    },
  )
})

describeOnPostgres('two processes that tick and die on PostgreSQL', (url) => {
  it.each(modes)(
    `exceed no limit, publish nothing twice and leave nothing in ${roundsOnPostgres} rounds, mode %s`,
    async (mode) => {
      const pool = openPool(url())
      let deaths = 0
      for (let seed = 1; seed <= roundsOnPostgres; seed++) {
        const schema = `killed_ticks_${seed}`
        deaths += (await runKilledTicks(seed, createPostgresStorage({ pool, schema }), mode)).deaths
        await pool.query(`drop schema ${schema} cascade`)
      }
      await pool.end()
      expect(deaths).toBeGreaterThanOrEqual(roundsOnPostgres)
    },
  )
})
