import { createHash } from 'node:crypto'
import type { Asset, AssetStore } from '@igny8/core'

/** Keeps assets in memory. Bytes are copied in and out. */
export function createMemoryAssetStore(): AssetStore {
  const accounts = new Map<string, Map<string, Asset>>()
  return {
    async put({ accountId, mediaType, bytes }) {
      const copy = bytes.slice()
      const hash = createHash('sha256').update(copy).digest('hex')
      const assets = accounts.get(accountId) ?? new Map<string, Asset>()
      accounts.set(accountId, assets)
      if (!assets.has(hash)) assets.set(hash, { hash, mediaType, bytes: copy })
      return hash
    },
    async get({ accountId, hash }) {
      const asset = accounts.get(accountId)?.get(hash)
      return asset && { ...asset, bytes: asset.bytes.slice() }
    },
    async remove({ accountId, hash }) {
      accounts.get(accountId)?.delete(hash)
    },
    async removeAll(accountId) {
      accounts.delete(accountId)
    },
  }
}
