import { type Clock, createIgny8, type Storage } from '@igny8/core'
import { createFakeClock, createFakePlatform, createSeededRandom } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { expect, it } from 'vitest'
import { writeOnSite } from './connected-account.ts'

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
  const fake = createFakeClock()
  const clock: Clock = {
    now: fake.now,
    wait: (ms, signal) => (ms > 0 ? fake.wait(ms, signal) : new Promise((resolve) => setImmediate(resolve))),
  }
  const platform = createFakePlatform({ clock: fake })
  const turns: string[] = []
  const storage = tellOfTransactions(createMemoryStorage(), () => turns.push('stored'))
  const igny8 = createIgny8({
    storage,
    platforms: [platform.adapter],
    encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
    clock,
    random: createSeededRandom(1),
  })
  await storage.migrate()
  const account = igny8.forAccount('acct')
  const { integration } = await account.connections.connect({
    platform: 'fake',
    url: platform.url,
    ...platform.credentials,
  })
  await writeOnSite({ platform, clock: fake } as Parameters<typeof writeOnSite>[0], 'Read')
  platform.interfere.after = (call) => {
    if (call !== 'pull.listByExternalId') return
    turns.splice(0)
    setImmediate(() => turns.push('other work'))
  }
  await account.sync.pull({ integrationId: integration.id })
  expect(turns.slice(0, 2)).toEqual(['other work', 'stored'])
})
