import { createPostgresStorage } from '@igny8/storage-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import { createRotatingHost } from './rotating-host.ts'

// Rotates the keys in a process of its own, and says when so many are done. Usage: rotation-worker.ts URL COUNT

const [url = '', count = '0'] = process.argv.slice(2)
const pool = openPool(url, 2)
const storage = createPostgresStorage({ pool })
let done = 0
process.stdout.write('begins\n')
const system: typeof storage.system = {
  ...storage.system,
  async replaceEnvelope(reference, envelope) {
    const isReplaced = await storage.system.replaceEnvelope(reference, envelope)
    if (++done === Number(count)) process.stdout.write('half\n')
    return isReplaced
  },
}
const counts = await createRotatingHost({ ...storage, system }, 'new', 'old').rotateKeys()
process.stdout.write(`${JSON.stringify(counts)}\n`)
await pool.end()
