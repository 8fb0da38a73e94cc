import { buildInstant, buildSite } from '@igny8/core/testing'
import { createPostgresStorage, type PostgresStorage } from '@igny8/storage-postgres'
import { describeOnPostgres } from '@igny8-tools/postgres/describe-on-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

const accountId = 'account-1'
const site = buildSite({ accountId })

describeOnPostgres('a transaction of the host', (url) => {
  let pool: Pool
  let storage: PostgresStorage
  beforeAll(async () => {
    pool = openPool(url())
    storage = createPostgresStorage({ pool, lockTimeoutMs: 300 })
    await storage.migrate()
    await pool.query('create table if not exists orders (id text)')
  })
  afterAll(() => pool.end())
  beforeEach(async () => {
    await storage.forAccount(accountId).removeAll()
    await pool.query('delete from orders')
  })

  it.each(['commit', 'rollback'])('takes our rows with its own: %s', async (end) => {
    const client = await pool.connect()
    await client.query('begin')
    await client.query(`insert into orders values ('1')`)
    const { sites, leases } = storage.withTransaction(client).forAccount(accountId)
    await sites.insert(site)
    expect(await sites.count()).toBe(1)
    await leases.acquire({ key: 'a', owner: 'one', now: buildInstant(), ttlMs: 1_000 })
    await client.query(end)
    client.release()
    const expected = end === 'commit' ? 1 : 0
    expect(await storage.forAccount(accountId).sites.count()).toBe(expected)
    expect((await pool.query('select * from orders')).rowCount).toBe(expected)
  })

  it('keeps other writers of the account waiting, and readers not', async () => {
    const client = await pool.connect()
    await client.query('begin')
    const { sites } = storage.withTransaction(client).forAccount(accountId)
    await sites.count()
    const account = storage.forAccount(accountId)
    expect(await account.sites.count()).toBe(0)
    await storage.forAccount('another').sites.findByUrl('x')
    await expect(account.sites.insert(site)).rejects.toMatchObject({ code: 'STORAGE_FAILED', retryable: true })
    const waiting = account.sites.insert(site)
    await client.query('commit')
    client.release()
    await waiting
    expect(await account.sites.count()).toBe(1)
  })
})
