import type { Storage } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { expect, it } from 'vitest'
import { connectToFakePlatform, writeOnSite } from './connected-account.ts'

/** A storage that tells when a transaction begins. */
function tellOfTransactions(storage: Storage, tell: () => void): Storage {
  return {
    ...storage,
    forAccount(accountId) {
      const account = storage.forAccount(accountId)
      return {
        ...account,
        transaction(work) {
          tell()
          return account.transaction(work)
        },
      }
    },
  }
}

it('leaves its turn to other work between reading a page and storing it', async () => {
  const turns: string[] = []
  const storage = tellOfTransactions(createMemoryStorage(), () => turns.push('stored'))
  const world = await connectToFakePlatform({ started: false, storage })
  const { account, clock, integration, platform } = world
  const { wait } = clock
  clock.wait = (ms, signal) => (ms > 0 ? wait(ms, signal) : new Promise((resolve) => setImmediate(resolve)))
  await writeOnSite(world, 'Read')
  platform.interfere.after = (call) => {
    if (call !== 'pull.listByExternalId') return
    turns.splice(0)
    setImmediate(() => turns.push('other work'))
  }
  await account.sync.pull({ integrationId: integration.id })
  expect(turns.slice(0, 2)).toEqual(['other work', 'stored'])
})
