import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assetStoreContract } from '@igny8/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFolderAssetStore } from './create-folder-asset-store.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'igny8-assets-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

assetStoreContract({ describe, it, createAssetStore: async () => createFolderAssetStore({ dir }) })

const input = { accountId: '../../escape', mediaType: 'image/png', bytes: Uint8Array.of(1, 2, 3) }

it('names files by hashes only, and leaves no drafts', async () => {
  const store = createFolderAssetStore({ dir })
  await store.put(input)
  const names = await readdir(dir, { recursive: true })
  for (const name of names) expect(name).toMatch(/^[\da-f]{64}(\/[\da-f]{2}(\/[\da-f]{64})?)?$/)
})

it('says that a file is damaged, in place of giving it out', async () => {
  const store = createFolderAssetStore({ dir })
  const hash = await store.put(input)
  const [path = ''] = (await readdir(dir, { recursive: true })).filter((name) => name.endsWith(hash))
  const file = await readFile(join(dir, path))
  await writeFile(join(dir, path), file.subarray(0, -1))
  await expect(store.get({ accountId: input.accountId, hash })).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
})
