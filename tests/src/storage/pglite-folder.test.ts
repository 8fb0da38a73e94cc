import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSite } from '@igny8/core/testing'
import { createPgliteStorage } from '@igny8/storage-postgres'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startWorker, type Worker } from './start-worker.ts'

let folder: string
let dataDir: string
let worker: Worker | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'igny8-pglite-'))
  dataDir = join(folder, 'data')
})
afterEach(async () => {
  await worker?.kill()
  worker = undefined
  await rm(folder, { recursive: true, force: true })
})

const inUse = { code: 'STORAGE_FAILED', message: expect.stringContaining('in use by process') }

it('a second process is refused; once the first was killed, the folder is taken over with all it held', {
  timeout: 120_000,
}, async () => {
  worker = startWorker('pglite-worker.ts', dataDir)
  await worker.says('open')
  const second = createPgliteStorage({ dataDir })
  await expect(second.migrate()).rejects.toMatchObject(inUse)
  await expect(second.forAccount('account-1').sites.count()).rejects.toMatchObject(inUse)
  await worker.kill()
  expect(await second.forAccount('account-1').sites.count()).toBe(1)

  const third = createPgliteStorage({ dataDir: join(folder, '.', 'data') })
  await expect(third.migrate()).rejects.toMatchObject(inUse)
  await second.close()
  await second.close()
  await expect(second.forAccount('account-1').sites.count()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
  expect(await readdir(`${dataDir}.lock`)).toEqual([])
  await third.forAccount('account-1').sites.insert(buildSite({ id: 'site-2', accountId: 'account-1' }))
  expect(await third.forAccount('account-1').sites.count()).toBe(2)
  await third.close()
})
