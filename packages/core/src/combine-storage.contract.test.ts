import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, it } from 'vitest'
import { combineStorage } from './combine-storage.ts'
import { contentContract } from './testing/storage-contract-content.ts'
import { linksContract } from './testing/storage-contract-links.ts'
import { manyContract } from './testing/storage-contract-many.ts'
import { pagingContract } from './testing/storage-contract-paging.ts'
import { createStorageSuite } from './testing/storage-contract-suite.ts'
import { tenancyContract } from './testing/storage-contract-tenancy.ts'
import { versionsContract } from './testing/storage-contract-versions.ts'

// What concerns stores beside one another. Rows of the host are not undone with our transaction.
const suite = createStorageSuite({
  describe,
  it,
  async createStorage() {
    const [storage, host] = [createMemoryStorage(), createMemoryStorage()]
    await Promise.all([storage.migrate(), host.migrate()])
    const forAccount = (accountId: string) => {
      const { content, taxonomies, images, removeAll } = host.forAccount(accountId)
      return { content, taxonomies, images, removeAll }
    }
    return combineStorage({ storage, forAccount, transaction: 'none' })
  },
})
tenancyContract(suite)
versionsContract(suite)
pagingContract(suite)
contentContract(suite)
linksContract(suite)
manyContract(suite)
