import { PGlite } from '@electric-sql/pglite'
import { assetStoreContract, storageContract } from '@igny8/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { createPgliteStorage } from './create-pglite-storage.ts'

let client: PGlite
let schemas = 0

beforeAll(async () => {
  client = await PGlite.create()
  await createPgliteStorage({ client }).migrate()
}, 60_000)
afterAll(() => client.close())

const createStorage = async () => createPgliteStorage({ client })
const createUnmigratedStorage = async () => createPgliteStorage({ client, schema: `unmigrated_${++schemas}` })

storageContract({ describe, it, createStorage, createUnmigratedStorage })
assetStoreContract({ describe, it, createAssetStore: async () => (await createStorage()).assets })
