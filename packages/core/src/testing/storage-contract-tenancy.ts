import assert from 'node:assert/strict'
import { isIgny8Error } from '../errors/igny8-error.ts'
import type { AccountStores } from '../ports/storage.ts'
import { buildId, buildInstant } from './build-identity.ts'
import { buildEverything, readEverything, storeEverything } from './storage-contract-everything.ts'
import { rejectsWith, type StorageCase, type StorageSuite } from './storage-contract-suite.ts'

type Rows = ReturnType<typeof buildEverything>

/** One call of every method of every store, with the ids of `buildEverything`: the compiler counts them. */
type Calls = {
  readonly [Name in keyof AccountStores]: {
    readonly [Method in keyof AccountStores[Name]]: (store: AccountStores[Name], rows: Rows) => Promise<unknown>
  }
}

const page = { limit: 10 } as const
const siteId = buildId('site')
const integrationId = buildId('integration')
const contentId = buildId('content')
const externalId = '1001'
const lease = { key: 'lease', owner: 'owner-1', token: 1, expiresAt: buildInstant(60) }

const calls: Calls = {
  sites: {
    get: (store) => store.get(siteId),
    findByUrl: (store, { site }) => store.findByUrl(site.url),
    list: (store) => store.list(page),
    count: (store) => store.count(),
    insert: (store, { site }) => store.insert(site),
    update: (store, { site }) => store.update({ ...site, name: 'Changed', version: 2 }, 1),
  },
  integrations: {
    get: (store) => store.get(integrationId),
    findByUrl: (store, { integration }) => store.findByUrl('wordpress', integration.externalSiteUrl),
    list: (store) => store.list({ ...page, siteId }),
    count: (store) => store.count({ siteId }),
    insert: (store, { integration }) => store.insert(integration),
    update: (store, { integration }) => store.update({ ...integration, isActive: false, version: 2 }, 1),
  },
  content: {
    get: (store) => store.get(contentId),
    getMany: (store) => store.getMany([contentId]),
    list: (store) => store.list({ ...page, siteId, sort: 'createdAt', direction: 'asc' }),
    count: (store) => store.count({ siteId }),
    insert: (store, { content }) => store.insert([content]),
    update: (store, { content }) => store.update({ ...content, title: 'Changed', version: 2 }, 1),
    updateMany: (store, { content }) =>
      store.updateMany([{ row: { ...content, title: 'Changed', version: 2 }, expectedVersion: 1 }]),
    listChangedSince: (store) => store.listChangedSince({ ...page, since: buildInstant(-1) }),
  },
  history: {
    append: (store, { version }) => store.append([version]),
    get: (store) => store.get(contentId, 1),
    list: (store) => store.list(contentId, page),
    listSince: (store) => store.listSince([contentId], buildInstant(-1), 10),
  },
  taxonomies: {
    get: (store) => store.get(buildId('taxonomy')),
    getMany: (store) => store.getMany([buildId('taxonomy')]),
    list: (store) => store.list({ ...page, siteId }),
    count: (store) => store.count({ siteId }),
    insert: (store, { taxonomy }) => store.insert([taxonomy]),
    update: (store, { taxonomy }) => store.update({ ...taxonomy, name: 'Changed', version: 2 }, 1),
  },
  images: {
    get: (store) => store.get(buildId('image')),
    getMany: (store) => store.getMany([buildId('image')]),
    list: (store) => store.list({ ...page, siteId }),
    count: (store) => store.count({ siteId }),
    insert: (store, { image }) => store.insert([image]),
    update: (store, { image }) => store.update({ ...image, alt: 'Changed', version: 2 }, 1),
  },
  links: {
    findByLocalIds: (store) => store.findByLocalIds(integrationId, 'content', [contentId]),
    findByExternalIds: (store) => store.findByExternalIds(integrationId, 'content', [externalId]),
    listOfLocal: (store) => store.listOfLocal('content', contentId),
    list: (store) => store.list({ ...page, integrationId, kind: 'content' }),
    count: (store) => store.count({ integrationId, kind: 'content' }),
    listLeastRecentlyVerified: (store) => store.listLeastRecentlyVerified(integrationId, 10),
    markSeen: (store) => store.markSeen(integrationId, [externalId], buildInstant(3600)),
    listUnseen: (store) =>
      store.listUnseen({ integrationId, externalType: 'post', before: buildInstant(3600), limit: 10 }),
    insert: (store, { link }) => store.insert([link]),
    update: (store, { link }) => store.update({ ...link, racy: true, version: 2 }, 1),
    updateMany: (store, { link }) =>
      store.updateMany([{ row: { ...link, racy: true, version: 2 }, expectedVersion: 1 }]),
    remove: (store) => store.remove(integrationId, 'content', contentId),
  },
  intents: {
    find: (store) => store.find(integrationId, contentId),
    findMany: (store) => store.findMany(integrationId, [contentId]),
    findByMarker: (store) => store.findByMarker(integrationId, 'igny8-marker-1'),
    listOfIntegration: (store) => store.listOfIntegration(integrationId, 10),
    put: (store, { intent }) => store.put({ ...intent, version: 2 }),
    putMany: (store, { intent }) => store.putMany([{ ...intent, version: 2 }]),
    remove: (store) => store.remove(integrationId, contentId),
    removeMany: (store) => store.removeMany(integrationId, [contentId]),
  },
  conflicts: {
    get: (store) => store.get(buildId('conflict')),
    findOpen: (store) => store.findOpen(integrationId, contentId),
    listOpen: (store) => store.listOpen(integrationId, [contentId]),
    list: (store) => store.list({ ...page, integrationId }),
    count: (store) => store.count({ integrationId }),
    insert: (store, { conflict }) => store.insert(conflict),
    update: (store, { conflict }) => store.update({ ...conflict, status: 'resolved', version: 2 }, 1),
  },
  pullStates: {
    list: (store) => store.list(integrationId),
    get: (store) => store.get(integrationId, 'post'),
    put: (store, { pullState }) => store.put({ ...pullState, version: 2 }),
    removeOfIntegration: (store) => store.removeOfIntegration(integrationId),
  },
  runs: {
    get: (store) => store.get(buildId('run')),
    list: (store) => store.list({ ...page, integrationId }),
    insert: (store, { run }) => store.insert(run),
    update: (store, { run }) => store.update({ ...run, status: 'cancelled' }),
  },
  events: {
    append: (store, { event }) => store.append([event]),
    list: (store) => store.list({ ...page, integrationId }),
    count: (store) => store.count({ integrationId }),
  },
  webhooks: {
    record: (store, { delivery }) => store.record(delivery),
    listDirty: (store) => store.listDirty(integrationId, 10),
    listDueDirty: (store) => store.listDueDirty(integrationId, buildInstant(3600), 10),
    postponeDirty: (store) => store.postponeDirty(integrationId, externalId, buildInstant(3600), buildInstant(7200)),
    clearDirty: (store) => store.clearDirty(integrationId, externalId, buildInstant(3600)),
    purge: (store) => store.purge(integrationId, buildInstant(3600)),
  },
  leases: {
    acquire: (store) =>
      store.acquire({ key: 'lease', owner: 'owner-2', now: buildInstant(), ttlMs: 1000 }).then(Boolean),
    acquireMany: (store) =>
      store
        .acquireMany({ requests: [{ key: 'lease', owner: 'owner-2' }], now: buildInstant(), ttlMs: 1000 })
        .then((leases) => leases.map(Boolean)),
    renew: (store) => store.renew(lease, buildInstant(), 1000),
    listHeld: (store) => store.listHeld(['lease'], buildInstant()),
    assertHeld: (store) => store.assertHeld(lease, buildInstant()),
    assertAllHeld: (store) => store.assertAllHeld([lease], buildInstant()),
    release: (store) => store.release(lease),
    releaseMany: (store) => store.releaseMany([lease]),
  },
  outbox: { append: (store, { domainEvent }) => store.append([domainEvent]) },
  publishingSettings: {
    get: (store) => store.get(siteId),
    getOrCreate: (store, { settings }) => store.getOrCreate(settings),
    update: (store, { settings }) => store.update({ ...settings, minGapMinutes: 99, version: 2 }, 1),
  },
  publicationQueue: {
    get: (store) => store.get(contentId),
    getMany: (store) => store.getMany([contentId]),
    list: (store) => store.list({ ...page, siteId }),
    put: (store, { queueEntry }) => store.put({ ...queueEntry, version: 2 }),
    remove: (store) => store.remove(contentId),
    readWake: (store) => store.readWake(siteId),
    sleep: (store) => store.sleep(siteId, 1, buildInstant(3600)),
  },
  publications: {
    reserve: (store, { publication }) =>
      store.reserve({
        publication,
        buckets: [{ period: 'daily', from: buildInstant(-3600), to: buildInstant(3600), limit: 1 }],
      }),
    find: (store) => store.find(contentId),
    findMany: (store) => store.findMany([contentId]),
    settle: (store) => store.settle(contentId, 'published', buildInstant(5)),
    release: (store) => store.release(contentId),
    listBetween: (store) => store.listBetween(siteId, buildInstant(-3600), buildInstant(3600)),
  },
  ai: {
    getSettings: (store) => store.getSettings(),
    putSettings: (store, { aiSettings }) => store.putSettings({ ...aiSettings, version: 2 }),
    listModelOverrides: (store) => store.listModelOverrides(),
    putModelOverride: (store, { aiModel }) => store.putModelOverride({ ...aiModel, provider: 'changed' }),
    removeModelOverride: (store, { aiModel }) => store.removeModelOverride(aiModel.id),
    reserveUsage: (store, { aiUsage }) =>
      store.reserveUsage(aiUsage, [
        { name: 'daily', from: buildInstant(-3600), to: buildInstant(3600), limit: aiUsage.cost ?? '0' },
      ]),
    settleUsage: (store, { aiUsage }) => store.settleUsage({ ...aiUsage, status: 'settled' }),
    getUsage: (store, { aiUsage }) => store.getUsage(aiUsage.id),
    sumUsage: (store) => store.sumUsage(buildInstant(-3600), buildInstant(3600)),
    listUsage: (store) => store.listUsage(page),
  },
}

/** Calls that hand a row of ours to a store. */
const rowWriters: ReadonlySet<string> = new Set([
  ...['sites', 'integrations', 'content', 'taxonomies', 'images', 'links', 'conflicts', 'runs'].flatMap((name) => [
    `${name}.insert`,
    `${name}.update`,
  ]),
  ...['intents.put', 'pullStates.put', 'publicationQueue.put', 'history.append', 'events.append', 'outbox.append'],
  ...['webhooks.record', 'publishingSettings.getOrCreate', 'publishingSettings.update', 'publications.reserve'],
  ...['ai.putSettings', 'ai.reserveUsage', 'ai.settleUsage'],
])

type Call = (stores: AccountStores, rows: Rows) => Promise<unknown>

const callsByName: readonly (readonly [string, Call])[] = Object.entries(calls).flatMap(([name, methods]) =>
  Object.entries(methods).map(
    ([method, call]) =>
      [
        `${name}.${method}`,
        (stores: AccountStores, rows: Rows) =>
          (call as (store: unknown, rows: Rows) => Promise<unknown>)(stores[name as keyof AccountStores], rows),
      ] as const,
  ),
)

/** What a call came to, with the account left out. */
async function outcomeOf(call: Call, storage: StorageCase['storage'], accountId: string): Promise<unknown> {
  const rows = buildEverything({ own: (row) => ({ ...row, accountId }) })
  try {
    const answer = await call(storage.forAccount(accountId), rows)
    return { answer: JSON.parse(JSON.stringify({ answer }).replaceAll(accountId, '(account)')) }
  } catch (error) {
    return { code: isIgny8Error(error) ? error.code : String(error) }
  }
}

/** A foreign row cannot be seen, touched, counted or guessed at. */
export function tenancyContract({ describe, test }: StorageSuite): void {
  describe('tenancy', () => {
    for (const [name, call] of callsByName) {
      test(`${name}: a foreign id answers exactly as an unknown one, and changes nothing`, async (given) => {
        const unknown = await outcomeOf(call, given.storage, given.otherAccountId)
        await given.other.removeAll()
        await storeEverything(given, buildEverything(given))
        const input = { key: 'lease', owner: 'owner-1', now: buildInstant(), ttlMs: 60_000 }
        const held = await given.account.leases.acquire(input)
        const before = await readEverything(given.storage, given.accountId)

        assert.deepEqual(await outcomeOf(call, given.storage, given.otherAccountId), unknown)

        assert.deepEqual(await readEverything(given.storage, given.accountId), before)
        assert.ok(held)
        await given.account.leases.assertHeld(held, buildInstant(1))
        assert.equal(await given.account.webhooks.record(given.own(buildEverything(given).delivery)), 'duplicate')
      })
    }

    for (const [name, call] of callsByName.filter(([name]) => rowWriters.has(name))) {
      test(`${name}: refuses a row of another account`, async (given) => {
        const rows = buildEverything({ own: (row) => ({ ...row, accountId: given.otherAccountId }) })
        await rejectsWith('STORAGE_FAILED', () => call(given.account, rows))
        await rejectsWith('STORAGE_FAILED', () => given.account.transaction((stores) => call(stores, rows)))
      })
    }

    test('keeps the same ids of two accounts apart', async (given) => {
      const others = { ...given, account: given.other, own: ownerOf(given.otherAccountId) }
      await storeEverything(given, buildEverything(given))
      await storeEverything(others, buildEverything(others))
      const everything = await readEverything(given.storage, given.accountId)
      const foreign = await readEverything(given.storage, given.otherAccountId)
      const asOwn = JSON.stringify(foreign).replaceAll(given.otherAccountId, given.accountId)
      assert.deepEqual(JSON.parse(asOwn), JSON.parse(JSON.stringify(everything)))
    })

    test('a cursor of one account shows nothing of it to another', async (given) => {
      const rows = buildEverything(given)
      await given.account.sites.insert(rows.site)
      await given.account.sites.insert({ ...rows.site, id: buildId('site', 2), url: 'https://two.example' })
      const { nextCursor } = await given.account.sites.list({ limit: 1 })
      assert.ok(nextCursor)
      const { items } = await given.other.sites.list({ limit: 10, cursor: nextCursor })
      assert.deepEqual(items, [])
    })

    test('removeAll removes every row of its account, twice if need be, and none of another', async (given) => {
      const empty = await readEverything(given.storage, given.accountId)
      const others = { ...given, account: given.other, own: ownerOf(given.otherAccountId) }
      await storeEverything(given, buildEverything(given))
      await storeEverything(others, buildEverything(others))
      const foreign = await readEverything(given.storage, given.otherAccountId)
      await given.account.removeAll()
      await given.account.removeAll()
      assert.deepEqual(await readEverything(given.storage, given.accountId), empty)
      assert.deepEqual(await readEverything(given.storage, given.otherAccountId), foreign)
      assert.equal(await given.account.webhooks.record(buildEverything(given).delivery), 'recorded')
    })
  })
}

function ownerOf(accountId: string): StorageCase['own'] {
  return (row) => ({ ...row, accountId })
}
