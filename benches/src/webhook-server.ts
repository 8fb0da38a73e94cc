import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type AccountStores, createIgny8, type Storage } from '@igny8/core'
import { createSystemClock } from '@igny8/core/adapter-kit'
import { createFakePlatform } from '@igny8/core/testing'
import { createHttpHandler } from '@igny8/http'
import { createExpressMiddleware } from '@igny8/http/express'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createPostgresStorage } from '@igny8/storage-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import express, { type Express } from 'express'
import { Webhook } from 'standardwebhooks'

// Child of webhook-bench.ts: serves our endpoint, or a bare handler of Express that verifies and does nothing else, or one that besides refuses an address that comes too
// often, before anything of its request is read. Says what it recorded when asked.

const [kind = 'ours', siteCount = '200', databaseUrl = ''] = process.argv.slice(2)

/** Delivery ids as they were recorded: how often each. */
const recorded = new Map<string, number>()

/** Stands before an object, with one of its members in another's place. What copies the object costs more, and outlives the delivery. */
function replaceMember<Whole extends object, Name extends keyof Whole>(whole: Whole, name: Name, member: Whole[Name]) {
  return new Proxy(whole, { get: (target, asked) => (asked === name ? member : Reflect.get(target, asked)) })
}

function countRecords(storage: Storage): Storage {
  const counting = (stores: AccountStores): AccountStores => {
    const { webhooks } = stores
    const record: AccountStores['webhooks']['record'] = async (delivery) => {
      const outcome = await webhooks.record(delivery)
      if (outcome === 'recorded') recorded.set(delivery.id, (recorded.get(delivery.id) ?? 0) + 1)
      return outcome
    }
    return replaceMember(stores, 'webhooks', replaceMember(webhooks, 'record', record))
  }
  return replaceMember(storage, 'forAccount', (accountId) => {
    const account = storage.forAccount(accountId)
    return replaceMember(account, 'transaction', (work) => account.transaction((stores) => work(counting(stores))))
  })
}

function openPostgres(): Storage {
  return createPostgresStorage({ pool: openPool(databaseUrl) })
}

async function connectSites() {
  const clock = createSystemClock()
  const platform = createFakePlatform({ clock })
  const storage = countRecords(kind === 'ours' && databaseUrl !== '' ? openPostgres() : createMemoryStorage())
  await storage.migrate()
  const igny8 = createIgny8({
    storage,
    platforms: [platform.adapter],
    encryption: { keys: [{ id: 'bench', secret: Buffer.alloc(32, 1).toString('base64') }] },
  })
  const sites: { readonly url: string; readonly secret: string; readonly integrationId: string }[] = []
  for (let number = 0; number < Number(siteCount); number++) {
    const { connections } = igny8.forAccount(`account-${number}`)
    const url = `https://site-${number}.example`
    const { integration } = await connections.connect({ platform: 'fake', url, ...platform.credentials })
    const { secret } = await connections.createWebhookSecret({ integrationId: integration.id })
    sites.push({ url, secret, integrationId: integration.id })
  }
  async function countDirty(): Promise<number> {
    let count = 0
    for (const [number, { integrationId }] of sites.entries()) {
      const dirty = await storage.forAccount(`account-${number}`).webhooks.listDirty(integrationId, 500)
      count += dirty.length
    }
    return count
  }
  return { igny8, sites, countDirty }
}

const { igny8, sites, countDirty } = await connectSites()
const app = express()
// As behind a proxy on this machine: each site has an address of its own.
app.set('trust proxy', 'loopback')
if (kind === 'refusing') mountRefusal(app)
if (kind === 'ours') mountOurs(app)
else mountBare(app)

function mountOurs(host: Express): void {
  const handle = createHttpHandler(igny8, { authenticate: () => null })
  host.use(createExpressMiddleware(handle))
}

function mountBare(host: Express): void {
  const webhooks = new Map(sites.map(({ url, secret }) => [url, new Webhook(secret)]))
  host.post('/api/v1/integration/webhook/fake/', express.raw({ type: () => true }), (request, answer) => {
    const { site_url: url } = JSON.parse(String(request.body))
    try {
      webhooks.get(url)?.verify(request.body, request.headers as Record<string, string>)
      answer.status(202).end()
    } catch {
      answer.status(401).end()
    }
  })
}

/** As cheap as a limit can be: no more than core lets an address send, and an answer without a body. */
function mountRefusal(host: Express): void {
  const burst = 600
  const perMs = 0.01
  const buckets = new Map<string, { left: number; atMs: number }>()
  host.use((request, answer, next) => {
    const address = request.ip ?? ''
    const nowMs = Date.now()
    const bucket = buckets.get(address) ?? { left: burst, atMs: nowMs }
    buckets.set(address, bucket)
    bucket.left = Math.min(burst, bucket.left + (nowMs - bucket.atMs) * perMs)
    bucket.atMs = nowMs
    if (bucket.left < 1) return void answer.writeHead(429, { 'retry-after': '1', 'content-length': '0' }).end()
    bucket.left -= 1
    next()
  })
}

const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send?.({ port: (server.address() as AddressInfo).port, sites })
process.on('message', async (asked: 'cpu' | 'recorded') => {
  const { user, system } = process.cpuUsage()
  if (asked === 'cpu') process.send?.((user + system) / 1_000)
  else process.send?.({ recorded: [...recorded], dirty: await countDirty() })
})
process.on('disconnect', () => process.exit(0))
