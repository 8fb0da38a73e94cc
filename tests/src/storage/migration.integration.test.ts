import { createPostgresStorage } from '@igny8/storage-postgres'
import { describeOnPostgres } from '@igny8-tools/postgres/describe-on-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import { startProxy } from '@igny8-tools/postgres/start-proxy'
import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorker } from './start-worker.ts'

describeOnPostgres('a migration', (url) => {
  let pool: Pool
  beforeAll(() => {
    pool = openPool(url())
  })
  afterAll(() => pool.end())

  /** Of every packaged migration, as one process alone leaves them. */
  const allNumbers = async () => {
    await createPostgresStorage({ pool, schema: 'alone' }).migrate()
    return numbers('alone')
  }

  const numbers = async (schema: string) =>
    (await pool.query(`select number from ${schema}.migrations order by number`)).rows.map((row) => Number(row.number))
  const tablesOf = async (schema: string) =>
    (await pool.query('select count(*) from pg_tables where schemaname = $1', [schema])).rows[0].count

  it('is done once by several processes that start at once', async () => {
    const workers = [1, 2, 3].map(() => startWorker('migrate-worker.ts', url(), 'together'))
    const done = { code: 0, output: '' }
    expect(await Promise.all(workers.map((worker) => worker.ended()))).toEqual([done, done, done])
    const all = await numbers('together')
    expect(all).toEqual(await allNumbers())
    expect(all).toEqual(all.map((_, index) => index + 1))
  })

  it.each([
    ['within the first one', 'create table contents', []],
    ['within a later one', 'create table conflicts', [1]],
    ['before its note', '$2)', []],
    ['before its commit', 'commit\0', []],
  ])('killed %s leaves whole migrations behind, and the next process goes on', async (_, text, whole) => {
    const schema = `killed_${text.replaceAll(/\W/g, '')}`
    const target = new URL(url())
    const proxy = await startProxy(Number(target.port))
    target.port = String(proxy.port)
    // The statement never reaches the server, so that the process is surely killed before it is done.
    proxy.arm(text, 'silence')
    const worker = startWorker('migrate-worker.ts', target.href, schema)
    await proxy.carried()
    await worker.kill()
    await proxy.stop()
    const stands = await pool.query('select to_regclass($1) is not null as stands', [`${schema}.migrations`])
    expect(stands.rows[0].stands ? await numbers(schema) : []).toEqual(whole)
    const storage = createPostgresStorage({ pool, schema })
    await expect(storage.forAccount('a').sites.count()).rejects.toMatchObject({ code: 'STORAGE_NOT_MIGRATED' })
    await storage.migrate()
    expect(await numbers(schema)).toEqual(await allNumbers())
    expect(await tablesOf(schema)).toBe(await tablesOf('together'))
    expect(await storage.forAccount('a').sites.count()).toBe(0)
  })

  it('that is missing is said so, with the fix', async () => {
    await createPostgresStorage({ pool, schema: 'missing' }).migrate()
    await pool.query('delete from missing.migrations where number > 2')
    const account = createPostgresStorage({ pool, schema: 'missing' }).forAccount('a')
    const { length } = await allNumbers()
    await expect(account.sites.count()).rejects.toMatchObject({
      code: 'STORAGE_NOT_MIGRATED',
      message: `The schema "missing" is at migration 2 of ${length}.`,
      hint: expect.stringContaining('migrate()'),
    })
  })

  it('that this version does not know is said so, and nothing is touched', async () => {
    await createPostgresStorage({ pool, schema: 'newer' }).migrate()
    await pool.query(
      `insert into newer.migrations (number, name) select max(number) + 1, 'of tomorrow' from newer.migrations`,
    )
    const storage = createPostgresStorage({ pool, schema: 'newer' })
    const tooNew = { code: 'STORAGE_FAILED', hint: expect.stringContaining('Update @igny8/storage-postgres') }
    await expect(storage.forAccount('a').sites.count()).rejects.toMatchObject(tooNew)
    await expect(storage.migrate()).rejects.toMatchObject(tooNew)
  })
})
