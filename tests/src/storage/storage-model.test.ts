import { PGlite } from '@electric-sql/pglite'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createPgliteStorage } from '@igny8/storage-postgres'
import fc from 'fast-check'
import { afterAll, beforeAll, it } from 'vitest'
import { compareStorages, steps } from './compare-storages.ts'

let client: PGlite
beforeAll(async () => {
  client = await PGlite.create()
}, 60_000)
afterAll(() => client.close())

it('memory and PGlite answer every sequence of calls alike', { timeout: 120_000 }, async () => {
  const storages = { memory: createMemoryStorage(), pglite: createPgliteStorage({ client }) }
  for (const storage of Object.values(storages)) await storage.migrate()
  await fc.assert(
    fc.asyncProperty(steps, (done) => compareStorages(storages, done)),
    { numRuns: 40 },
  )
})
