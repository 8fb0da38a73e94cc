// Runs in a project that holds nothing but the packed packages: `node smoke.mjs <entry> <entry> …`.
import assert from 'node:assert/strict'
import { createIgny8, isIgny8Error } from '@igny8/core'
import { createOpenAIProvider } from '@igny8/providers/openai'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createWordPressAdapter } from '@igny8/wordpress'

for (const entry of process.argv.slice(2)) {
  const names = Object.keys(await import(entry))
  assert.ok(names.length > 0, `${entry} exports nothing`)
}

const igny8 = createIgny8({
  storage: createMemoryStorage(),
  platforms: [createWordPressAdapter()],
  encryption: { keys: [{ id: 'smoke', secret: Buffer.alloc(32, 7).toString('base64') }] },
})
await igny8.start()
const account = igny8.forAccount('account-1')
assert.deepEqual((await account.sites.list()).items, [])
const refused = account.connections.connect({
  platform: 'wordpress',
  url: 'http://127.0.0.1:9',
  username: 'editor',
  applicationPassword: 'abcd efgh ijkl mnop qrst uvwx',
})
await assert.rejects(refused, (error) => isIgny8Error(error) && error.hint !== undefined)
await igny8.stop()

// The vendor's package is not here, which is told as soon as it is needed and not before.
const apiKey = { reveal: () => 'key', toString: () => '[secret]', toJSON: () => '[secret]' }
await assert.rejects(createOpenAIProvider().testKey({ apiKey, http: {} }), { code: 'PACKAGE_MISSING' })
