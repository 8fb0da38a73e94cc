import { PGlite } from '@electric-sql/pglite'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createPgliteStorage, createPostgresStorage } from '@igny8/storage-postgres'
import { describeOnPostgres } from '@igny8-tools/postgres/describe-on-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import fc from 'fast-check'
import type { Pool } from 'pg'
import { afterAll, beforeAll, it } from 'vitest'
import { compareStorages, steps } from './compare-storages.ts'

const numRuns = Math.ceil(5_000 * Number(process.env.IGNY8_PROOF_SCALE ?? '1'))

describeOnPostgres('storages', (url) => {
  let client: PGlite
  let pool: Pool
  beforeAll(async () => {
    client = await PGlite.create()
    pool = openPool(url())
  })
  afterAll(async () => {
    await client.close()
    await pool.end()
  })

  it(`memory, PGlite and PostgreSQL answer ${numRuns} sequences of calls alike`, async () => {
    const storages = {
      memory: createMemoryStorage(),
      pglite: createPgliteStorage({ client }),
      postgres: createPostgresStorage({ pool }),
    }
    for (const storage of Object.values(storages)) await storage.migrate()
    await fc.assert(
      fc.asyncProperty(steps, (done) => compareStorages(storages, done)),
      { numRuns },
    )
  })
})
