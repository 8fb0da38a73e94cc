import assert from 'node:assert/strict'
import { aiContract } from './storage-contract-ai.ts'
import { contentContract } from './storage-contract-content.ts'
import { leasesContract } from './storage-contract-leases.ts'
import { linksContract } from './storage-contract-links.ts'
import { manyContract } from './storage-contract-many.ts'
import { pagingContract } from './storage-contract-paging.ts'
import { plainDataContract } from './storage-contract-plain-data.ts'
import { publishingContract } from './storage-contract-publishing.ts'
import { runsContract } from './storage-contract-runs.ts'
import { sitesContract } from './storage-contract-sites.ts'
import { createStorageSuite, rejectsWith, type StorageContractOptions } from './storage-contract-suite.ts'
import { systemContract } from './storage-contract-system.ts'
import { tenancyContract } from './storage-contract-tenancy.ts'
import { transactionsContract } from './storage-contract-transactions.ts'
import { versionsContract } from './storage-contract-versions.ts'

/**
 * Defines the tests that every `Storage` must pass: each sentence of the ports, on your storage, in your test runner.
 *
 * @example
 * import { describe, it } from 'vitest'
 * storageContract({ describe, it, createStorage: async () => myMigratedStorage })
 */
export function storageContract(options: StorageContractOptions): void {
  options.describe('storage contract', () => {
    const suite = createStorageSuite(options)
    migrationContract(options)
    tenancyContract(suite)
    versionsContract(suite)
    manyContract(suite)
    pagingContract(suite)
    transactionsContract(suite)
    plainDataContract(suite)
    sitesContract(suite)
    contentContract(suite)
    linksContract(suite)
    runsContract(suite)
    leasesContract(suite)
    publishingContract(suite)
    aiContract(suite)
    systemContract(suite)
  })
}

function migrationContract({ describe, it, createUnmigratedStorage }: StorageContractOptions): void {
  if (createUnmigratedStorage === undefined) return
  describe('migration', () => {
    it('refuses calls until then, is safe to repeat and at the same time, and closes twice', async () => {
      const storage = await createUnmigratedStorage()
      const account = storage.forAccount('contract')
      await rejectsWith('STORAGE_NOT_MIGRATED', () => account.sites.count())
      await rejectsWith('STORAGE_NOT_MIGRATED', () => account.transaction(({ sites }) => sites.count()))
      await rejectsWith('STORAGE_NOT_MIGRATED', () => storage.system.listOutbox(1))
      await Promise.all([storage.migrate(), storage.migrate()])
      await storage.migrate()
      assert.equal(await account.sites.count(), 0)
      await storage.close()
      await storage.close()
    })
  })
}
