import type { AccountStores, Storage } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { benchAccountId, connectSdk, type SiteAccess } from './connect-sdk.ts'

// Memory of a first pull above that of an idle SDK, in a process that does nothing else; `bench:sync` starts it. IGNY8_BENCH_SITE says
// where the site is. Prints one line of JSON.

const sampleEveryMs = 10
const idleMs = 1_500

const sdk = await connectSdk(JSON.parse(process.env.IGNY8_BENCH_SITE ?? '') as SiteAccess, {
  storage: withoutBodies(createMemoryStorage()),
})
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
console.log(JSON.stringify({ idle, peak, peakHeap, posts, created: run.counts.created }))

/**
 * Keeps what a first pull reads again, and lets go what it only writes: those rows are in another process where the storage is a
 * database, and what the SDK itself holds is asked for.
 */
function withoutBodies(storage: Storage): Storage {
  const thin = <Stores extends AccountStores>(stores: Stores): Stores => ({
    ...stores,
    content: { ...stores.content, insert: () => Promise.resolve() },
    history: { ...stores.history, append: () => Promise.resolve() },
    events: { ...stores.events, append: () => Promise.resolve() },
    outbox: { ...stores.outbox, append: () => Promise.resolve() },
    links: {
      ...stores.links,
      insert: (links) =>
        stores.links.insert(
          links.map((link) => (link.kind === 'content' ? { ...link, localBase: null, remoteBase: null } : link)),
        ),
    },
  })
  return {
    ...storage,
    forAccount(accountId) {
      const account = storage.forAccount(accountId)
      return { ...thin(account), transaction: (work) => account.transaction((stores) => work(thin(stores))) }
    },
  }
}
