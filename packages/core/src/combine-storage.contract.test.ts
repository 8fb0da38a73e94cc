import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, it } from 'vitest'
import { combineStorage } from './combine-storage.ts'
import type { AccountStorage } from './ports/storage.ts'
import { contentContract } from './testing/storage-contract-content.ts'
import { linksContract } from './testing/storage-contract-links.ts'
import { manyContract } from './testing/storage-contract-many.ts'
import { pagingContract } from './testing/storage-contract-paging.ts'
import { createStorageSuite } from './testing/storage-contract-suite.ts'
import { tenancyContract } from './testing/storage-contract-tenancy.ts'
import { versionsContract } from './testing/storage-contract-versions.ts'

const crash = new Error('Nothing of ours is committed.')

/** Everything is done twice: the first time, the process dies when the host's tables have it and ours have not. */
const doneTwice = (account: AccountStorage): AccountStorage => ({
  ...account,
  async transaction(work) {
    const first = account.transaction(async (stores) => {
      await work(stores)
      throw crash
    })
    await first.catch((error: unknown) => (error === crash ? undefined : Promise.reject(error)))
    return account.transaction(work)
  },
})

// What concerns stores beside one another. Rows of the host are not undone with our transaction.
describe.each<[string, (account: AccountStorage) => AccountStorage]>([
  ['one after the other', (account) => account],
  ['with a crash between the two', doneTwice],
])('two storages, written %s', (_, wrap) => {
  const suite = createStorageSuite({
    describe,
    it,
    async createStorage() {
      const [ours, host] = [createMemoryStorage(), createMemoryStorage()]
      await Promise.all([ours.migrate(), host.migrate()])
      const storage = { ...ours, forAccount: (accountId: string) => wrap(ours.forAccount(accountId)) }
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
})
