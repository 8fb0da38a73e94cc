import { buildId, buildInstant, buildPublication, buildSite } from '@igny8/core/testing'
import { createPostgresStorage, type PostgresStorageOptions } from '@igny8/storage-postgres'
import { describeOnPostgres } from '@igny8-tools/postgres/describe-on-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import { type FaultyProxy, startProxy } from '@igny8-tools/postgres/start-proxy'
import type { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const accountId = 'account-1'
/** The statement, whole: an isolation level has the word in its name. */
const commit = 'commit\0'
const site = buildSite({ accountId })

describeOnPostgres('a connection that fails', (url) => {
  let direct: Pool
  let proxy: FaultyProxy
  let pool: Pool
  const directly = () => createPostgresStorage({ pool: direct }).forAccount(accountId)
  const throughProxy = (options: Partial<PostgresStorageOptions> = {}) =>
    createPostgresStorage({ pool, ...options }).forAccount(accountId)

  beforeAll(async () => {
    direct = openPool(url())
    await createPostgresStorage({ pool: direct }).migrate()
  })
  afterAll(() => direct.end())
  beforeEach(async () => {
    await directly().removeAll()
    const target = new URL(url())
    proxy = await startProxy(Number(target.port || 5432))
    target.port = String(proxy.port)
    pool = openPool(target.href, 4)
  })
  afterEach(async () => {
    await proxy.stop()
    await pool.end()
  })

  describe.each(['cut before', 'cut after'] as const)('%s', (fault) => {
    it.each([
      ['as the transaction begins', 'begin isolation level'],
      ['at a statement', 'insert into'],
      ['at the commit', commit],
    ])('%s: the write is done once, and nobody hears of it', async (_, text) => {
      const account = throughProxy()
      await account.sites.count()
      proxy.arm(text, fault)
      await account.sites.insert(site)
      expect(proxy.carriedOut()).toBe(1)
      expect(await directly().sites.count()).toBe(1)
    })

    it('at the commit of a transaction: its work is repeated only where nothing was committed', async () => {
      const account = throughProxy()
      await account.sites.count()
      let runs = 0
      proxy.arm(commit, fault)
      const answer = await account.transaction(async (stores) => {
        runs++
        await stores.sites.insert(site)
        return { runs }
      })
      expect(proxy.carriedOut()).toBe(1)
      expect([runs, answer]).toEqual(fault === 'cut after' ? [1, { runs: 1 }] : [2, { runs: 2 }])
      expect(await directly().sites.count()).toBe(1)
    })

    it('at a reading statement: it is read again', async () => {
      const account = throughProxy()
      await directly().sites.insert(site)
      await account.sites.count()
      proxy.arm('select', fault)
      expect(await account.sites.get(site.id)).toEqual(site)
      expect(proxy.carriedOut()).toBe(1)
    })
  })

  it('a commit without an answer, and nobody to ask: the effect is unknown', async () => {
    const account = throughProxy({ connectTimeoutMs: 3_000 })
    await account.sites.count()
    proxy.arm(commit, 'cut after')
    const inserting = account.sites.insert(site)
    await proxy.carried()
    await proxy.stop()
    await expect(inserting).rejects.toMatchObject({ code: 'STORAGE_FAILED', effect: 'unknown', retryable: false })
    expect(await directly().sites.count()).toBe(1)
  })

  it('a server that cannot be reached: a typed error that changed nothing', async () => {
    await proxy.stop()
    const error = await throughProxy()
      .sites.insert(site)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'STORAGE_FAILED', effect: 'none', retryable: true })
    expect(await directly().sites.count()).toBe(0)
  })

  it.each(['silence', 'deaf'] as const)(
    'half open (%s): given up in time, and the account is free again',
    async (fault) => {
      const account = throughProxy({ statementTimeoutMs: 300, lockTimeoutMs: 200 })
      await account.sites.count()
      proxy.arm('insert into', fault)
      await expect(account.sites.insert(site)).rejects.toMatchObject({
        code: 'STORAGE_FAILED',
        effect: 'none',
        retryable: true,
      })
      await directly().sites.insert(site)
      expect(await account.sites.count()).toBe(1)
    },
  )

  it.each(['silence', 'deaf'] as const)(
    'half open at the commit (%s): what became of it is found out, and it is done once',
    async (fault) => {
      const account = throughProxy({ statementTimeoutMs: 300, lockTimeoutMs: 200 })
      await account.sites.count()
      proxy.arm(commit, fault)
      await account.sites.insert(site)
      expect(proxy.carriedOut()).toBe(1)
      expect(await directly().sites.count()).toBe(1)
    },
  )

  it('a pool without a free connection: a typed error in time, and the late connection is given back', async () => {
    const clients = await Promise.all([1, 2, 3, 4].map(() => pool.connect()))
    await expect(throughProxy({ connectTimeoutMs: 50 }).sites.count()).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      retryable: true,
      message: expect.stringContaining('pool'),
    })
    for (const client of clients) client.release()
    await expect.poll(() => pool.idleCount).toBe(4)
    expect(await throughProxy().sites.count()).toBe(0)
  })

  it('an idle client whose connection broke between two statements ends no process', async () => {
    const account = throughProxy()
    await expect(
      account.transaction(async (stores) => {
        await stores.sites.count()
        await direct.query(`select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'`)
        await new Promise((resolve) => setImmediate(resolve))
        await stores.sites.insert(site)
      }),
    ).rejects.toMatchObject({ code: 'STORAGE_FAILED', effect: 'none' })
    expect(await directly().sites.count()).toBe(0)
  })

  it('many writers of one account wait for each other, and none fails', async () => {
    const account = directly()
    const bucket = { period: 'daily', from: buildInstant(0), to: buildInstant(3_600), limit: 20 } as const
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        account.transaction((stores) =>
          stores.publications.reserve({
            publication: buildPublication({ accountId, contentId: buildId('content', index + 1) }),
            buckets: [bucket],
          }),
        ),
      ),
    )
    expect(outcomes.filter(({ kind }) => kind === 'reserved')).toHaveLength(20)
  })

  it('writers of one account are served in the order in which they came, from the first call on', async () => {
    const account = directly()
    const order: number[] = []
    const numbers = Array.from({ length: 20 }, (_, index) => index)
    await Promise.all(numbers.map((index) => account.transaction(async () => order.push(index))))
    expect(order).toEqual(numbers)
  })

  it('a busy account takes one connection: others do not wait with it', async () => {
    const gate = Promise.withResolvers<void>()
    const busy = throughProxy({ connectTimeoutMs: 1_000 })
    const writers = Array.from({ length: 8 }, (_, index) =>
      busy.transaction(async (stores) => {
        await gate.promise
        await stores.sites.insert({ ...site, id: `site-${index}` })
      }),
    )
    const other = createPostgresStorage({ pool, connectTimeoutMs: 1_000 }).forAccount('account-2')
    const counted = other.transaction((stores) => stores.sites.count()).finally(gate.resolve)
    await expect(counted).resolves.toBe(0)
    await Promise.all(writers)
    expect(await busy.sites.count()).toBe(8)
  })

  it('a deadlock with somebody else is met by another attempt', async () => {
    const account = directly()
    await account.sites.insert(site)
    await account.sites.insert({ ...site, id: 'site-2' })
    const other = await direct.connect()
    await other.query('begin')
    await other.query(`update igny8.sites set name = 'theirs' where id = 'site-2'`)
    let runs = 0
    const ours = account.transaction(async (stores) => {
      runs++
      await stores.sites.update({ ...site, name: 'ours', version: 2 }, 1)
      if (runs === 1) {
        // Waits for our row while we go on to wait for its.
        other.query(`set deadlock_timeout = '10s'`).catch(() => undefined)
        other.query(`update igny8.sites set name = 'theirs' where id = $1`, [site.id]).then(
          () => other.query('commit'),
          () => other.query('rollback'),
        )
      }
      await stores.sites.update({ ...site, id: 'site-2', name: 'ours', version: 2 }, 1)
    })
    await ours
    expect(runs).toBe(2)
    other.release()
    expect((await account.sites.get('site-2'))?.name).toBe('ours')
  })

  describe.each([
    ['at the statement', 'immediate'],
    ['at the commit', 'deferred'],
  ] as const)('a serialization failure %s', (_, moment) => {
    /** The server refuses so many inserts, as it does where transactions cross. A sequence keeps count, as nothing takes it back. */
    const refuse = (times: number) =>
      direct.query(`create sequence igny8.refusals;
        create function igny8.refuse() returns trigger language plpgsql as $$ begin
          if nextval('igny8.refusals') <= ${times} then
            raise exception 'could not serialize access' using errcode = 'serialization_failure';
          end if;
          return null;
        end $$;
        create constraint trigger refuse after insert on igny8.sites deferrable initially ${moment}
          for each row execute function igny8.refuse()`)
    afterEach(() => direct.query('drop function igny8.refuse cascade; drop sequence igny8.refusals'))

    it('is met by further attempts', async () => {
      await refuse(3)
      let runs = 0
      await directly().transaction(async (stores) => {
        runs++
        await stores.sites.insert(site)
      })
      expect(runs).toBe(4)
      expect(await directly().sites.get(site.id)).toEqual(site)
      await directly().sites.insert({ ...site, id: 'site-2' })
    })

    it('is a typed error that changed nothing where it comes again and again', async () => {
      await refuse(100)
      const refused = { code: 'STORAGE_FAILED', retryable: true, effect: 'none', details: { sqlState: '40001' } }
      await expect(directly().sites.insert(site)).rejects.toMatchObject(refused)
      expect(await directly().sites.count()).toBe(0)
    })
  })

  it("a serialization failure in a host's own transaction is the host's to repeat: a typed error", async () => {
    await directly().sites.insert(site)
    const client = await direct.connect()
    await client.query('begin isolation level repeatable read')
    const { sites } = createPostgresStorage({ pool: direct }).withTransaction(client).forAccount(accountId)
    const seen = await sites.get(site.id)
    await direct.query(`update igny8.sites set name = 'theirs' where id = $1`, [site.id])
    await expect(sites.update({ ...site, name: 'ours', version: 2 }, 1)).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      retryable: true,
      details: { sqlState: '40001' },
    })
    await client.query('rollback')
    client.release()
    expect(seen).toEqual(site)
    expect((await directly().sites.get(site.id))?.name).toBe('theirs')
  })

  it('a transaction whose work swallowed an error of the database is not taken for committed', async () => {
    const account = directly()
    const result = account.transaction(async (stores) => {
      await stores.sites.insert(site)
      await stores.sites.insert({ ...site, id: 'site-2', url: null as never }).catch(() => undefined)
    })
    await expect(result).rejects.toMatchObject({ code: 'STORAGE_FAILED', details: { sqlState: '23502' } })
    expect(await account.sites.count()).toBe(0)
  })

  it('an error tells neither rows nor parameters', async () => {
    const secret = 'hunter2'
    const error = await directly()
      .sites.insert({ ...site, wpApiKey: secret, url: null as never })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'STORAGE_FAILED' })
    const { inspect } = await import('node:util')
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret)
  })
})
