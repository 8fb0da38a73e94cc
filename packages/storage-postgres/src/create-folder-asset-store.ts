import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type AssetStore, Igny8Error } from '@igny8/core'
import * as z from 'zod'
import { requireOption } from './require-option.ts'

/** Where assets are kept. */
export interface FolderAssetStoreOptions {
  /** A folder of its own; it is made where it does not exist. Several processes may share it. */
  readonly dir: string
}

const headSchema = z.object({ mediaType: z.string() })

/** How long the first line of a file, which says what it holds, may be. */
const longestHead = 4_096

/**
 * Makes an asset store in a folder: one file an asset, under the hash of its account and of its bytes. No name comes from outside.
 *
 * @example
 * const assets = createFolderAssetStore({ dir: './data/assets' })
 */
export function createFolderAssetStore({ dir }: FolderAssetStoreOptions): AssetStore {
  requireOption(typeof dir === 'string' && dir !== '', 'dir', "Pass a folder, such as './data/assets'.")
  const folderOf = (accountId: string) => join(dir, sha256(Buffer.from(accountId)))
  const pathOf = (accountId: string, hash: string) => join(folderOf(accountId), hash.slice(0, 2), hash)

  return {
    async put({ accountId, mediaType, bytes }) {
      const copy = bytes.slice()
      const hash = sha256(copy)
      const path = pathOf(accountId, hash)
      if (await exists(path)) return hash
      const head = `${JSON.stringify({ mediaType })}\n`
      if (head.length > longestHead) throw failure('The media type is too long.')
      await tryTo(async () => {
        await mkdir(join(path, '..'), { recursive: true })
        await writeWhole(path, Buffer.concat([Buffer.from(head), copy]))
      })
      return hash
    },
    async get({ accountId, hash }) {
      if (!isHash(hash)) return undefined
      const file = await tryTo(() => readFile(pathOf(accountId, hash)).catch(unlessMissing))
      if (file === undefined) return undefined
      const end = file.subarray(0, longestHead).indexOf('\n')
      const bytes = Uint8Array.from(file.subarray(end + 1))
      if (end === -1 || sha256(bytes) !== hash) throw failure('A stored asset is damaged.')
      return { hash, mediaType: headSchema.parse(JSON.parse(file.toString('utf8', 0, end))).mediaType, bytes }
    },
    async remove({ accountId, hash }) {
      if (isHash(hash)) await tryTo(() => rm(pathOf(accountId, hash), { force: true }))
    },
    async removeAll(accountId) {
      await tryTo(() => rm(folderOf(accountId), { recursive: true, force: true }))
    },
  }
}

/** The file is there whole or not at all: written under another name, flushed, then renamed. */
async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  try {
    const file = await open(draft, 'wx')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function exists(path: string): Promise<boolean> {
  const file = await tryTo(() => open(path, 'r').catch(unlessMissing))
  await file?.close()
  return file !== undefined
}

async function tryTo<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw failure('An asset could not be read or written.', error)
  }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

const isHash = (text: string): boolean => /^[\da-f]{64}$/.test(text)

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

function failure(message: string, cause?: unknown): Igny8Error {
  return new Igny8Error({
    code: 'STORAGE_FAILED',
    message,
    hint: 'Check the folder of the assets: its rights, and whether the disk is full.',
    cause,
  })
}
