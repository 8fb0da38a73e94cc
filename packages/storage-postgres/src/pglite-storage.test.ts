import { PGlite } from '@electric-sql/pglite'
import { buildSite } from '@igny8/core/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPgliteStorage } from './create-pglite-storage.ts'

const accountId = 'account-1'
const site = buildSite({ accountId })
let client: PGlite
beforeAll(async () => {
  client = await PGlite.create()
  await createPgliteStorage({ client }).migrate()
}, 60_000)
afterAll(() => client.close())

it('the storage called inside its own transaction is refused, where it would wait for ever', async () => {
  const storage = createPgliteStorage({ client })
  const account = storage.forAccount(accountId)
  const calls = [
    () => account.sites.count(),
    () => account.sites.insert(site),
    () => account.transaction(({ sites }) => sites.count()),
    () => storage.system.listOutbox(1),
    () => storage.assets.removeAll(accountId),
    () => storage.migrate(),
  ]
  for (const call of calls) {
    const nested = account.transaction(async () => {
      await call()
    })
    await expect(nested).rejects.toMatchObject({ code: 'STORAGE_FAILED', hint: expect.stringContaining('`stores`') })
  }
  expect(await account.sites.count()).toBe(0)
})

it('an error of the database dooms its transaction, whatever the work makes of it', async () => {
  const account = createPgliteStorage({ client }).forAccount(accountId)
  const doomed = account.transaction(async ({ sites }) => {
    await sites.insert(site)
    await sites.insert({ ...site, id: 'site-2', url: null as never }).catch(() => undefined)
  })
  await expect(doomed).rejects.toMatchObject({ code: 'STORAGE_FAILED', details: { sqlState: '23502' } })
  expect(await account.sites.count()).toBe(0)
})

it('calls of one transaction that are made at once do not mix', async () => {
  const account = createPgliteStorage({ client }).forAccount(accountId)
  const created = await account.transaction(({ publishingSettings, sites }) =>
    Promise.all([1, 2, 3].map(() => sites.insert(site).catch(() => publishingSettings.get('x')))),
  )
  expect(created).toHaveLength(3)
  expect(await account.sites.count()).toBe(1)
  await account.removeAll()
})

it.each(['Igny8', 'a-b', '1a', '', 'pg_x', 'a"; drop schema public; --', 'x'.repeat(64)])(
  'a schema named "%s" is refused',
  (schema) => {
    expect(() => createPgliteStorage({ client, schema })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  },
)
