import type { AccountStores, Content, ContentQuery, Page, Storage } from '@igny8/core'
import { storageContract } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from './create-memory-storage.ts'

/** A storage with one thing wrong, and the part of the contract that must say so. */
interface BrokenStorage {
  readonly name: string
  readonly caughtBy: string
  readonly breakStorage: (storage: Storage) => Storage
}

type Change = (stores: AccountStores, accountId: string) => Partial<AccountStores>

/** Changes the stores of every account, inside transactions too. */
function withStores(storage: Storage, change: Change): Storage {
  return {
    ...storage,
    forAccount(accountId) {
      const account = storage.forAccount(accountId)
      const changed = (stores: AccountStores) => ({ ...stores, ...change(stores, accountId) })
      return {
        ...account,
        ...changed(account),
        transaction: (work) => account.transaction((stores) => work(changed(stores))),
      }
    },
  }
}

const broken = (name: string, caughtBy: string, change: Change): BrokenStorage => ({
  name,
  caughtBy,
  breakStorage: (storage) => withStores(storage, change),
})

const toSecond = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000)
const later = new Date('2999-01-01')

/** A list of contents by creation that pages its own way. */
function listsContents(pageOf: (rows: readonly Content[], query: ContentQuery) => Page<Content>): Change {
  return ({ content }) => ({
    content: {
      ...content,
      async list(query) {
        const { items } = await content.list({ ...query, limit: 500, cursor: undefined })
        return pageOf(items, query)
      },
    },
  })
}

const brokenStorages: readonly BrokenStorage[] = [
  broken('compare-and-set ignored', 'compare-and-set', ({ content }) => ({
    content: {
      ...content,
      async update(row) {
        const stored = await content.get(row.id)
        return stored !== undefined && content.update(row, stored.version)
      },
    },
  })),
  broken('compare-and-set by a read before the write', 'compare-and-set', ({ sites }) => ({
    sites: {
      ...sites,
      async update(row, expectedVersion) {
        const stored = await sites.get(row.id)
        if (stored?.version !== expectedVersion) return false
        while (!(await sites.update(row, (await sites.get(row.id))?.version ?? 0))) await Promise.resolve()
        return true
      },
    },
  })),
  broken('put inserts any version', 'compare-and-set', ({ intents }) => ({
    intents: {
      ...intents,
      async put(intent) {
        if ((await intents.find(intent.integrationId, intent.contentId)) !== undefined) return intents.put(intent)
        return intents.put({ ...intent, version: 1 })
      },
    },
  })),
  {
    name: 'a content found by its id in any account',
    caughtBy: 'tenancy',
    breakStorage(storage) {
      const seen = new Set<string>()
      return withStores(storage, ({ content }, accountId) => ({
        content: {
          ...content,
          async get(contentId) {
            seen.add(accountId)
            const everywhere = await Promise.all([...seen].map((id) => storage.forAccount(id).content.get(contentId)))
            return everywhere.find((row) => row !== undefined)
          },
        },
      }))
    },
  },
  {
    name: 'delivery ids shared by all accounts',
    caughtBy: 'tenancy',
    breakStorage(storage) {
      const seen = new Set<string>()
      return withStores(storage, ({ webhooks }) => ({
        webhooks: {
          ...webhooks,
          async record(delivery) {
            if (seen.has(delivery.id)) return 'duplicate'
            seen.add(delivery.id)
            return webhooks.record(delivery)
          },
        },
      }))
    },
  },
  broken('rows of other accounts taken over', 'tenancy', ({ sites }, accountId) => ({
    sites: { ...sites, insert: (site) => sites.insert({ ...site, accountId }) },
  })),
  {
    name: 'removeAll reaches every account',
    caughtBy: 'tenancy',
    breakStorage(storage) {
      const seen = new Set<string>()
      return {
        ...storage,
        forAccount(accountId) {
          seen.add(accountId)
          const removeAll = async () => {
            for (const id of seen) await storage.forAccount(id).removeAll()
          }
          return { ...storage.forAccount(accountId), removeAll }
        },
      }
    },
  },
  {
    name: 'removeAll forgets the links',
    caughtBy: 'tenancy',
    breakStorage: (storage) => ({
      ...storage,
      forAccount(accountId) {
        const account = storage.forAccount(accountId)
        const removeAll = async () => {
          const links = await account.links.listOfLocal('content', '0199e000-0000-7000-80b1-000000000001')
          await account.removeAll()
          await account.links.insert(links)
        }
        return { ...account, removeAll }
      },
    }),
  },
  {
    name: 'no rollback, no isolation',
    caughtBy: 'transactions',
    breakStorage: (storage) => ({
      ...storage,
      forAccount(accountId) {
        const account = storage.forAccount(accountId)
        return { ...account, transaction: (work) => work(account) }
      },
    }),
  },
  {
    name: 'the error of the work wrapped away',
    caughtBy: 'transactions',
    breakStorage: (storage) => ({
      ...storage,
      forAccount(accountId) {
        const account = storage.forAccount(accountId)
        const transaction: typeof account.transaction = (work) =>
          account.transaction(work).catch((cause) => Promise.reject(new Error('transaction failed', { cause })))
        return { ...account, transaction }
      },
    }),
  },
  broken('several rows written one by one', 'transactions', ({ content }) => ({
    content: {
      ...content,
      async insert(rows) {
        for (const row of rows) await content.insert([row])
      },
    },
  })),
  {
    name: 'live references handed out',
    caughtBy: 'plain data',
    breakStorage(storage) {
      const cache = new Map<string, Content | undefined>()
      return withStores(storage, ({ content }, accountId) => ({
        content: {
          ...content,
          async get(contentId) {
            const key = `${accountId} ${contentId}`
            if (cache.get(key) === undefined) cache.set(key, await content.get(contentId))
            return cache.get(key)
          },
        },
      }))
    },
  },
  broken('inputs read after the call', 'plain data', ({ content }) => ({
    content: {
      ...content,
      async insert(rows) {
        await Promise.resolve()
        return content.insert(rows)
      },
    },
  })),
  broken('dates cut to seconds', 'plain data', ({ content }) => ({
    content: {
      ...content,
      insert: (rows) =>
        content.insert(rows.map((row) => ({ ...row, publishedAt: row.publishedAt && toSecond(row.publishedAt) }))),
    },
  })),
  broken('text normalised', 'plain data', ({ content }) => ({
    content: {
      ...content,
      insert: (rows) => content.insert(rows.map((row) => ({ ...row, body: row.body.normalize() }))),
    },
  })),
  broken(
    'pages that skip ties',
    'paging',
    listsContents((rows, { limit, cursor, sort }) => {
      const rest = rows.filter((row) => cursor === undefined || String(row[sort].valueOf()) > cursor)
      const last = rest.length > limit ? rest[limit - 1] : undefined
      return { items: rest.slice(0, limit), nextCursor: last === undefined ? null : String(last[sort].valueOf()) }
    }),
  ),
  broken(
    'pages by offset',
    'paging',
    listsContents((rows, { limit, cursor }) => {
      const from = Number(cursor ?? 0)
      return {
        items: rows.slice(from, from + limit),
        nextCursor: rows.length > from + limit ? `${from + limit}` : null,
      }
    }),
  ),
  broken('limits cut down instead of refused', 'paging', ({ sites }) => ({
    sites: { ...sites, list: (query) => sites.list({ ...query, limit: Math.min(query.limit, 500) }) },
  })),
  broken('malformed cursors taken for none', 'paging', ({ images }) => ({
    images: {
      ...images,
      list: (query) => images.list(query).catch(() => images.list({ ...query, cursor: undefined })),
    },
  })),
  broken('an empty last page', 'paging', ({ runs }) => ({
    runs: {
      ...runs,
      async list(query) {
        if (query.cursor === 'end') return { items: [], nextCursor: null }
        const page = await runs.list(query)
        return { ...page, nextCursor: page.nextCursor ?? (page.items.length === query.limit ? 'end' : null) }
      },
    },
  })),
  broken('a taken id ignored', 'content', ({ content }) => ({
    content: { ...content, insert: (rows) => content.insert(rows).catch(() => undefined) },
  })),
  broken('tombstones listed', 'content', ({ content }) => ({
    content: { ...content, list: (query) => content.list({ ...query, includeRemoved: true }) },
  })),
  broken('history written over', 'history', ({ history }) => ({
    history: {
      ...history,
      async get(contentId, version) {
        const row = await history.get(contentId, version)
        return row && { ...row, title: 'Rewritten' }
      },
    },
  })),
  broken('a second link accepted in silence', 'links', ({ links }) => ({
    links: { ...links, insert: (rows) => links.insert(rows).catch(() => undefined) },
  })),
  broken('a run written after it ended', 'runs', ({ runs }) => ({
    runs: { ...runs, update: (run) => runs.update(run).then(() => true) },
  })),
  broken('duplicate deliveries accepted', 'webhooks', ({ webhooks }) => ({
    webhooks: { ...webhooks, record: (delivery) => webhooks.record(delivery).then(() => 'recorded' as const) },
  })),
  broken('hints of one instant taken for one', 'webhooks', ({ webhooks }) => ({
    webhooks: {
      ...webhooks,
      async clearDirty(integrationId, externalId, dirtySince) {
        const ceiling = new Date(dirtySince.getTime() + 1)
        await webhooks.clearDirty(integrationId, externalId, ceiling)
      },
    },
  })),
  broken('newer hints postponed too', 'webhooks', ({ webhooks }) => ({
    webhooks: {
      ...webhooks,
      postponeDirty: (integrationId, externalId, _dirtySince, retryAt) =>
        webhooks.postponeDirty(integrationId, externalId, later, retryAt),
    },
  })),
  broken('newer hints cleared too', 'webhooks', ({ webhooks }) => ({
    webhooks: {
      ...webhooks,
      clearDirty: (integrationId, externalId) => webhooks.clearDirty(integrationId, externalId, later),
    },
  })),
  {
    name: 'lease tokens that do not grow',
    caughtBy: 'leases',
    breakStorage(storage) {
      const tokens = new Map<string, number>()
      return withStores(storage, ({ leases }, accountId) => ({
        leases: {
          async acquire(input) {
            const lease = await leases.acquire(input)
            if (lease !== undefined) tokens.set(`${accountId} ${input.key}`, lease.token)
            return lease && { ...lease, token: 1 }
          },
          async renew(lease, now, ttlMs) {
            const token = tokens.get(`${accountId} ${lease.key}`) ?? 0
            const renewed = await leases.renew({ ...lease, token }, now, ttlMs)
            return renewed && { ...renewed, token: 1 }
          },
          acquireMany: ({ requests, ...rest }) =>
            Promise.all(requests.map((request) => leases.acquire({ ...request, ...rest }))),
          listHeld: leases.listHeld,
          assertHeld: (lease, now) =>
            leases.assertHeld({ ...lease, token: tokens.get(`${accountId} ${lease.key}`) ?? 0 }, now),
          async assertAllHeld(held, now) {
            for (const lease of held) await this.assertHeld(lease, now)
          },
          release: (lease) => leases.release({ ...lease, token: tokens.get(`${accountId} ${lease.key}`) ?? 0 }),
          async releaseMany(held) {
            for (const lease of held) await this.release(lease)
          },
        },
      }))
    },
  },
  broken('leases by the wall clock', 'leases', ({ leases }) => ({
    leases: { ...leases, acquire: (input) => leases.acquire({ ...input, now: new Date() }) },
  })),
  broken('late writers let through', 'leases', ({ leases }) => ({
    leases: { ...leases, assertHeld: async () => undefined },
  })),
  broken('one late writer among many let through', 'many rows at once', ({ leases }) => ({
    leases: { ...leases, assertAllHeld: (held, now) => leases.assertAllHeld(held.slice(0, 1), now) },
  })),
  broken('reservations that do not count', 'publication ledger', ({ publications }) => ({
    publications: { ...publications, reserve: (input) => publications.reserve({ ...input, buckets: [] }) },
  })),
  broken('quotas counted before, reserved after', 'publication ledger', ({ publications }) => ({
    publications: {
      ...publications,
      async reserve(input) {
        for (const bucket of input.buckets) {
          const units = await publications.listBetween(input.publication.siteId, bucket.from, bucket.to)
          const isFull = bucket.limit !== null && units.length >= bucket.limit
          if (isFull && input.forcedReason === undefined) return publications.reserve(input)
        }
        return publications.reserve({ publication: input.publication, buckets: [] })
      },
    },
  })),
  broken('settings created by each who asks at once', 'publishing settings', ({ publishingSettings }) => ({
    publishingSettings: {
      ...publishingSettings,
      async getOrCreate(defaults) {
        const stored = await publishingSettings.get(defaults.siteId)
        if (stored !== undefined) return { settings: stored, created: false }
        await publishingSettings.getOrCreate(defaults)
        return { settings: defaults, created: true }
      },
    },
  })),
  broken('budgets summed in floating point', 'AI usage', ({ ai }) => ({
    ai: {
      ...ai,
      async reserveUsage(usage, windows) {
        const { items } = await ai.listUsage({ limit: 500 })
        const used = items.reduce((sum, row) => sum + Number(row.cost), 0)
        const window = windows.find(({ limit }) => used + Number(usage.cost) > Number(limit))
        return window === undefined ? ai.reserveUsage(usage, []) : { kind: 'full', window, used: String(used) }
      },
    },
  })),
  broken('usage settled twice', 'AI usage', ({ ai }) => ({
    ai: { ...ai, settleUsage: (usage) => ai.settleUsage(usage).then(() => true) },
  })),
  broken('sums without regard to time', 'AI usage', ({ ai }) => ({
    ai: { ...ai, sumUsage: () => ai.sumUsage(new Date(0), later) },
  })),
  {
    name: 'envelopes of webhooks forgotten',
    caughtBy: 'system',
    breakStorage: (storage) => ({
      ...storage,
      system: {
        ...storage.system,
        async listEnvelopes(query) {
          const page = await storage.system.listEnvelopes(query)
          return { ...page, items: page.items.filter(({ field }) => !field.startsWith('webhookSecrets')) }
        },
      },
    }),
  },
  {
    name: 'envelopes replaced whatever they are by now',
    caughtBy: 'system',
    breakStorage: (storage) => ({
      ...storage,
      system: {
        ...storage.system,
        replaceEnvelope: (reference, envelope) => storage.system.replaceEnvelope(reference, envelope).then(() => true),
      },
    }),
  },
  {
    name: 'the newest hint first',
    caughtBy: 'system',
    breakStorage: (storage) => ({
      ...storage,
      system: {
        ...storage.system,
        listDirtyIntegrations: async (now, limit) =>
          (await storage.system.listDirtyIntegrations(now, limit)).toReversed(),
      },
    }),
  },
  {
    name: 'postponed items tried all the same',
    caughtBy: 'system',
    breakStorage: (storage) => ({
      ...storage,
      system: {
        ...storage.system,
        listDirtyIntegrations: (_now, limit) => storage.system.listDirtyIntegrations(later, limit),
      },
    }),
  },
  {
    name: 'the longest due integration last',
    caughtBy: 'system',
    breakStorage: (storage) => ({
      ...storage,
      system: {
        ...storage.system,
        listDueIntegrations: async (now, limit) => (await storage.system.listDueIntegrations(now, limit)).toReversed(),
      },
    }),
  },
  { name: 'usable without a migration', caughtBy: 'migration', breakStorage: (storage) => storage },
]

/** Runs one part of the contract and counts. */
async function runPart(
  part: string,
  createStorage: () => Promise<Storage>,
): Promise<{ runs: number; failures: number }> {
  const tests: (() => Promise<void>)[] = []
  let path: readonly string[] = []
  storageContract({
    describe(name, define) {
      path = [...path, name]
      define()
      path = path.slice(0, -1)
    },
    it(_name, run) {
      if (path.includes(part)) tests.push(run)
    },
    createStorage,
    createUnmigratedStorage: createStorage,
  })
  let failures = 0
  for (const run of tests) await run().catch(() => failures++)
  return { runs: tests.length, failures }
}

async function createMigratedStorage(): Promise<Storage> {
  const storage = createMemoryStorage()
  await storage.migrate()
  return storage
}

describe('the storage contract', () => {
  it.each(brokenStorages)('fails a storage with $name', async ({ caughtBy, breakStorage }) => {
    const { failures } = await runPart(caughtBy, async () => breakStorage(await createMigratedStorage()))
    expect(failures).toBeGreaterThan(0)
  })

  const parts = [...new Set(brokenStorages.map(({ caughtBy }) => caughtBy))].filter((part) => part !== 'migration')

  it.each(parts)('passes an unbroken storage wrapped the same way: %s', async (part) => {
    const { runs, failures } = await runPart(part, async () => withStores(await createMigratedStorage(), () => ({})))
    expect(runs).toBeGreaterThan(0)
    expect(failures).toBe(0)
  })
})
