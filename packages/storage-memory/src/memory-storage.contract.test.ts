import { assetStoreContract, storageContract } from '@igny8/core/testing'
import { describe, it } from 'vitest'
import { createMemoryStorage } from './create-memory-storage.ts'
import { createMemoryAssetStore } from './memory-asset-store.ts'

async function createStorage() {
  const storage = createMemoryStorage()
  await storage.migrate()
  return storage
}

storageContract({ describe, it, createStorage, createUnmigratedStorage: async () => createMemoryStorage() })
assetStoreContract({ describe, it, createAssetStore: async () => createMemoryAssetStore() })
describe('assets of the storage', () => {
  assetStoreContract({ describe, it, createAssetStore: async () => (await createStorage()).assets })
})
