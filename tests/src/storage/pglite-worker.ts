import { buildSite } from '@igny8/core/testing'
import { createPgliteStorage } from '@igny8/storage-postgres'

// Opens a folder, stores a site, says `open`, and lives until it is killed. Usage: pglite-worker.ts FOLDER

const [dataDir = ''] = process.argv.slice(2)
const storage = createPgliteStorage({ dataDir })
await storage.migrate()
await storage.forAccount('account-1').sites.insert(buildSite())
process.stdout.write('open\n')
setInterval(() => undefined, 60_000)
