import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import type { AssetStore } from '../ports/asset-store.ts'
import { createSeededRandom } from './create-seeded-random.ts'
import { atOnce, type TestRunner } from './storage-contract-suite.ts'

/** The asset store under test, and what it can. */
export interface AssetStoreContractOptions extends TestRunner {
  /** Gives each test a store: a new one, or one for all, since every test works in new accounts and removes them afterwards. */
  readonly createAssetStore: () => Promise<AssetStore>
}

interface AssetCase {
  readonly store: AssetStore
  readonly accountId: string
  readonly otherAccountId: string
}

const mediaType = 'image/png'
const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

/** Defines the tests that every `AssetStore` must pass. */
export function assetStoreContract({ describe, it, createAssetStore }: AssetStoreContractOptions): void {
  function test(name: string, run: (given: AssetCase) => Promise<void>): void {
    it(name, async () => {
      const store = await createAssetStore()
      const [accountId, otherAccountId] = [`contract-${randomUUID()}`, `contract-${randomUUID()}`]
      try {
        await run({ store, accountId, otherAccountId })
      } finally {
        await store.removeAll(accountId)
        await store.removeAll(otherAccountId)
      }
    })
  }

  describe('asset store contract', () => {
    test('gives bytes back by the SHA-256 of the bytes', async ({ store, accountId }) => {
      const hash = await store.put({ accountId, mediaType, bytes })
      assert.equal(hash, sha256(bytes))
      assertAsset(await store.get({ accountId, hash }), hash, bytes)
      assert.equal(await store.get({ accountId, hash: sha256(new Uint8Array(1)) }), undefined)
    })

    test('keeps no bytes, one byte and megabytes', async ({ store, accountId }) => {
      for (const length of [0, 1, 3_000_000]) {
        const data = createSeededRandom(length).bytes(length)
        const hash = await store.put({ accountId, mediaType, bytes: data })
        assertAsset(await store.get({ accountId, hash }), hash, data)
      }
    })

    test('changes nothing when the same is put again, with whatever media type, also at once', async (given) => {
      const { store, accountId } = given
      const hash = await store.put({ accountId, mediaType, bytes })
      const again = await atOnce(6, () => store.put({ accountId, mediaType: 'image/webp', bytes }))
      assert.deepEqual(new Set(again), new Set([hash]))
      assertAsset(await store.get({ accountId, hash }), hash, bytes)
      await store.remove({ accountId, hash })
      assert.equal(await store.get({ accountId, hash }), undefined)
    })

    test('is changed by nobody who holds the bytes', async ({ store, accountId }) => {
      const mine = bytes.slice()
      const putting = store.put({ accountId, mediaType, bytes: mine })
      mine.fill(0)
      const hash = await putting
      assert.equal(hash, sha256(bytes))
      const asset = await store.get({ accountId, hash })
      asset?.bytes.fill(0)
      assertAsset(await store.get({ accountId, hash }), hash, bytes)
    })

    test('stores the part that a view shows, not its buffer', async ({ store, accountId }) => {
      const view = bytes.subarray(10, 20)
      const hash = await store.put({ accountId, mediaType, bytes: view })
      assert.equal(hash, sha256(view))
      assertAsset(await store.get({ accountId, hash }), hash, view)
    })

    test('keeps accounts apart', async ({ store, accountId, otherAccountId }) => {
      const hash = await store.put({ accountId, mediaType, bytes })
      assert.equal(await store.get({ accountId: otherAccountId, hash }), undefined)
      await store.remove({ accountId: otherAccountId, hash })
      await store.removeAll(otherAccountId)
      assertAsset(await store.get({ accountId, hash }), hash, bytes)
      await store.put({ accountId: otherAccountId, mediaType, bytes })
      await store.remove({ accountId, hash })
      assertAsset(await store.get({ accountId: otherAccountId, hash }), hash, bytes)
    })

    test('removes, twice if need be', async ({ store, accountId }) => {
      const hash = await store.put({ accountId, mediaType, bytes })
      await store.remove({ accountId, hash })
      await store.remove({ accountId, hash })
      assert.equal(await store.get({ accountId, hash }), undefined)
      await store.put({ accountId, mediaType, bytes })
      await store.removeAll(accountId)
      await store.removeAll(accountId)
      assert.equal(await store.get({ accountId, hash }), undefined)
    })

    test('finds nothing under what is no hash', async ({ store, accountId }) => {
      await store.put({ accountId, mediaType, bytes })
      for (const hash of ['', '..', '../..', sha256(bytes).toUpperCase(), `${sha256(bytes)}/../x`, '__proto__']) {
        assert.equal(await store.get({ accountId, hash }), undefined)
        await store.remove({ accountId, hash })
      }
      assert.ok(await store.get({ accountId, hash: sha256(bytes) }))
    })
  })
}

function assertAsset(asset: Awaited<ReturnType<AssetStore['get']>>, hash: string, expected: Uint8Array): void {
  assert.ok(asset)
  assert.equal(asset.hash, hash)
  assert.equal(asset.mediaType, mediaType)
  assert.equal(Buffer.compare(asset.bytes, expected), 0)
}
