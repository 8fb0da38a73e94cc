import { buildSite, testAccountId } from '@igny8/core/testing'
import { expect, it } from 'vitest'
import { createMemoryStorage, type MemoryStorageOptions } from './create-memory-storage.ts'

async function createStorage() {
  const storage = createMemoryStorage()
  await storage.migrate()
  return { storage, account: storage.forAccount(testAccountId) }
}

it('refuses calls on the storage from inside its transaction, which would wait for each other forever', async () => {
  const { storage, account } = await createStorage()
  const error = { code: 'STORAGE_FAILED', hint: expect.stringContaining('call `stores` only') }
  await account.transaction(async () => {
    await expect(account.sites.count()).rejects.toMatchObject(error)
    await expect(account.transaction(async () => 1)).rejects.toMatchObject(error)
    await expect(account.removeAll()).rejects.toMatchObject(error)
    await expect(storage.forAccount('another').sites.count()).rejects.toMatchObject(error)
    await expect(storage.system.listOutbox(1)).rejects.toMatchObject(error)
    await expect(storage.assets.get({ accountId: 'a', hash: 'b' })).rejects.toMatchObject(error)
  })
})

it('takes calls on another storage from inside a transaction', async () => {
  const [first, second] = [await createStorage(), await createStorage()]
  expect(await first.account.transaction(() => second.account.sites.count())).toBe(0)
})

it('takes calls from work that was started in a transaction and outlived it', async () => {
  const { account } = await createStorage()
  let following: Promise<number> | undefined
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  await account.transaction(async () => {
    following = ended.then(() => account.sites.count())
  })
  end()
  expect(await following).toBe(0)
})

it('says what to do when the stores of a transaction are used after its end', async () => {
  const { account } = await createStorage()
  const stores = await account.transaction(async (inside) => ({ inside }))
  await expect(stores.inside.sites.count()).rejects.toMatchObject({
    code: 'STORAGE_FAILED',
    hint: expect.stringContaining('never keep `stores`'),
  })
})

it('says what to do before the migration', async () => {
  const { sites } = createMemoryStorage().forAccount(testAccountId)
  await expect(sites.count()).rejects.toMatchObject({
    code: 'STORAGE_NOT_MIGRATED',
    hint: expect.stringContaining('igny8.start()'),
  })
})

it('answers calls and transactions in the order in which they came', async () => {
  const { account } = await createStorage()
  const counts: Promise<number>[] = []
  const write = (number: number) =>
    account.transaction(async ({ sites }) => {
      await Promise.resolve()
      await sites.insert(buildSite({}, number))
    })
  const writes = [1, 2, 3].map((number) => {
    const written = write(number)
    counts.push(account.sites.count())
    return written
  })
  await Promise.all(writes)
  expect(await Promise.all(counts)).toEqual([1, 2, 3])
})

it('takes a call that failed inside a transaction back, and the transaction goes on', async () => {
  const { account } = await createStorage()
  await account.transaction(async ({ sites }) => {
    await sites.insert(buildSite())
    await sites.insert(buildSite({ name: 'Twin' })).catch(() => undefined)
  })
  expect((await account.sites.list({ limit: 10 })).items).toEqual([buildSite()])
})

it('goes on after close, which has nothing to release', async () => {
  const { storage, account } = await createStorage()
  await account.sites.insert(buildSite())
  await storage.close()
  expect(await account.sites.count()).toBe(1)
})

it('hands rows over as they are where nobody wants copies', async () => {
  const site = buildSite()
  const ofEach = async (options?: MemoryStorageOptions) => {
    const storage = createMemoryStorage(options)
    await storage.migrate()
    const { sites, transaction } = storage.forAccount(site.accountId)
    await sites.insert(site)
    return [await sites.get(site.id), await transaction((stores) => stores.sites.get(site.id))]
  }
  const shared = await ofEach({ copyRows: false })
  const copied = await ofEach()
  for (const row of shared) expect(row).toBe(site)
  for (const row of copied) {
    expect(row).toEqual(site)
    expect(row).not.toBe(site)
  }
})
