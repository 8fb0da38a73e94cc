import { assetStoreContract, storageContract } from '@igny8/core/testing'
import { createPostgresStorage } from '@igny8/storage-postgres'
import { describeOnPostgres } from '@igny8-tools/postgres/describe-on-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'

describeOnPostgres('on PostgreSQL', (url) => {
  let pool: Pool
  let schemas = 0

  beforeAll(async () => {
    pool = openPool(url())
    await createPostgresStorage({ pool }).migrate()
  })
  afterAll(() => pool.end())

  const createStorage = async () => createPostgresStorage({ pool })
  const createUnmigratedStorage = async () => createPostgresStorage({ pool, schema: `unmigrated_${++schemas}` })

  storageContract({ describe, it, createStorage, createUnmigratedStorage })
  assetStoreContract({ describe, it, createAssetStore: async () => (await createStorage()).assets })
})
