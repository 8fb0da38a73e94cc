import { createPostgresStorage } from '@igny8/storage-postgres'
import { Pool } from 'pg'
import { benchAccountId, connectSdk, type SiteAccess } from './connect-sdk.ts'

// Memory of a first pull above that of an idle SDK, in a process that does nothing else; `bench:sync` starts it. The rows go to a PostgreSQL, so
// that what grows here is the SDK's own. IGNY8_BENCH_SITE says where the site is, IGNY8_BENCH_DATABASE_URL where the rows go. Prints one line of JSON.

const sampleEveryMs = 10
const idleMs = 1_500

const pool = new Pool({ connectionString: process.env.IGNY8_BENCH_DATABASE_URL })
const storage = createPostgresStorage({ pool })
await storage.migrate()
const sdk = await connectSdk(JSON.parse(process.env.IGNY8_BENCH_SITE ?? '') as SiteAccess, { storage })
await new Promise((resolve) => setTimeout(resolve, idleMs))
const idle = process.memoryUsage().rss
let peak = idle
let peakHeap = 0
const timer = setInterval(() => {
  const { rss, heapUsed } = process.memoryUsage()
  peak = Math.max(peak, rss)
  peakHeap = Math.max(peakHeap, heapUsed)
}, sampleEveryMs)
const run = await sdk.account.sync.pull({ integrationId: sdk.integrationId })
clearInterval(timer)
const { links } = sdk.storage.forAccount(benchAccountId)
const posts = await links.count({ integrationId: sdk.integrationId, kind: 'content' })
await sdk.igny8.stop()
await pool.end()
console.log(JSON.stringify({ idle, peak, peakHeap, posts, created: run.counts.created }))
