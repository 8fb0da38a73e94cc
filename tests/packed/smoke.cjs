// The same packages through `require()`, which Node gives the very module that `import` gives.
const assert = require('node:assert/strict')

async function main() {
  for (const entry of process.argv.slice(2))
    assert.equal(require(entry), await import(entry), `${entry} is loaded twice`)

  const { createIgny8 } = require('@igny8/core')
  const { createMemoryStorage } = require('@igny8/storage-memory')
  const { createWordPressAdapter } = require('@igny8/wordpress')
  const igny8 = createIgny8({
    storage: createMemoryStorage(),
    platforms: [createWordPressAdapter()],
    encryption: { keys: [{ id: 'smoke', secret: Buffer.alloc(32, 7).toString('base64') }] },
  })
  await igny8.start()
  await igny8.stop()
}

// A rejection ends the process with 1.
main()
