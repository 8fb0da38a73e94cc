import assert from 'node:assert/strict'
import type { AccountStores } from '../ports/storage.ts'
import { buildInstant } from './build-identity.ts'
import { buildEverything } from './storage-contract-everything.ts'
import { atOnce, type StorageCase, type StorageSuite } from './storage-contract-suite.ts'

interface Versioned {
  readonly version: number
  readonly updatedAt: Date
}

/** A kind of row that is written by compare-and-set. */
interface VersionedRow<Row extends Versioned> {
  readonly name: string
  readonly row: (rows: ReturnType<typeof buildEverything>) => Row
  readonly insert: (stores: AccountStores, row: Row) => Promise<unknown>
  readonly read: (stores: AccountStores, row: Row) => Promise<Row | undefined>
  readonly update: (stores: AccountStores, row: Row, expectedVersion: number) => Promise<boolean>
}

type VersionedPut<Row extends Versioned> = Omit<VersionedRow<Row>, 'insert' | 'update'> & {
  readonly put: (stores: AccountStores, row: Row) => Promise<boolean>
}

/** Writes that compare versions: one of many at once wins, nobody overwrites what he has not seen. */
export function versionsContract(suite: StorageSuite): void {
  suite.describe('compare-and-set', () => {
    updates(suite, {
      name: 'sites',
      row: (rows) => rows.site,
      insert: ({ sites }, row) => sites.insert(row),
      read: ({ sites }, row) => sites.get(row.id),
      update: ({ sites }, row, expectedVersion) => sites.update(row, expectedVersion),
    })
    updates(suite, {
      name: 'integrations',
      row: (rows) => rows.integration,
      insert: ({ integrations }, row) => integrations.insert(row),
      read: ({ integrations }, row) => integrations.get(row.id),
      update: ({ integrations }, row, expectedVersion) => integrations.update(row, expectedVersion),
    })
    updates(suite, {
      name: 'content',
      row: (rows) => rows.content,
      insert: ({ content }, row) => content.insert([row]),
      read: ({ content }, row) => content.get(row.id),
      update: ({ content }, row, expectedVersion) => content.update(row, expectedVersion),
    })
    updates(suite, {
      name: 'taxonomies',
      row: (rows) => rows.taxonomy,
      insert: ({ taxonomies }, row) => taxonomies.insert([row]),
      read: ({ taxonomies }, row) => taxonomies.get(row.id),
      update: ({ taxonomies }, row, expectedVersion) => taxonomies.update(row, expectedVersion),
    })
    updates(suite, {
      name: 'images',
      row: (rows) => rows.image,
      insert: ({ images }, row) => images.insert([row]),
      read: ({ images }, row) => images.get(row.id),
      update: ({ images }, row, expectedVersion) => images.update(row, expectedVersion),
    })
    updates(suite, {
      name: 'links',
      row: (rows) => rows.link,
      insert: ({ links }, row) => links.insert([row]),
      read: async ({ links }, row) => (await links.findByLocalIds(row.integrationId, row.kind, [row.localId]))[0],
      update: ({ links }, row, expectedVersion) => links.update(row, expectedVersion),
    })
    updates(suite, {
      name: 'conflicts',
      row: (rows) => rows.conflict,
      insert: ({ conflicts }, row) => conflicts.insert(row),
      read: ({ conflicts }, row) => conflicts.get(row.id),
      update: ({ conflicts }, row, expectedVersion) => conflicts.update(row, expectedVersion),
    })
    updates(suite, {
      name: 'publishingSettings',
      row: (rows) => rows.settings,
      insert: ({ publishingSettings }, row) => publishingSettings.getOrCreate(row),
      read: ({ publishingSettings }, row) => publishingSettings.get(row.siteId),
      update: ({ publishingSettings }, row, expectedVersion) => publishingSettings.update(row, expectedVersion),
    })
    puts(suite, {
      name: 'intents',
      row: (rows) => rows.intent,
      read: ({ intents }, row) => intents.find(row.integrationId, row.contentId),
      put: ({ intents }, row) => intents.put(row),
    })
    puts(suite, {
      name: 'pullStates',
      row: (rows) => rows.pullState,
      read: ({ pullStates }, row) => pullStates.get(row.integrationId, row.scope),
      put: ({ pullStates }, row) => pullStates.put(row),
    })
    puts(suite, {
      name: 'publicationQueue',
      row: (rows) => rows.queueEntry,
      read: ({ publicationQueue }, row) => publicationQueue.get(row.contentId),
      put: ({ publicationQueue }, row) => publicationQueue.put(row),
    })
    puts(suite, {
      name: 'ai.putSettings',
      row: (rows) => rows.aiSettings,
      read: ({ ai }) => ai.getSettings(),
      put: ({ ai }, row) => ai.putSettings(row),
    })
  })
}

function updates<Row extends Versioned>({ test }: StorageSuite, kind: VersionedRow<Row>): void {
  const { name, insert, read, update } = kind
  const rowOf = (given: StorageCase) => kind.row(buildEverything(given))

  test(`${name}: replaces the expected version by the version that the row brings`, async (given) => {
    const row = rowOf(given)
    await insert(given.account, row)
    const next = { ...row, version: 7, updatedAt: buildInstant(100) }
    assert.equal(await update(given.account, next, 1), true)
    assert.deepEqual(await read(given.account, row), next)
  })

  test(`${name}: leaves any other version as it is`, async (given) => {
    const row = { ...rowOf(given), version: 3 }
    await insert(given.account, row)
    for (const expectedVersion of [2, 4, 0]) {
      const stale = { ...row, version: expectedVersion + 1, updatedAt: buildInstant(100) }
      assert.equal(await update(given.account, stale, expectedVersion), false)
    }
    assert.deepEqual(await read(given.account, row), row)
  })

  test(`${name}: updates no row that is not there`, async (given) => {
    const row = rowOf(given)
    assert.equal(await update(given.account, row, 1), false)
    assert.equal(await update(given.account, row, 0), false)
    assert.equal(await read(given.account, row), undefined)
  })

  test(`${name}: lets one of many updates at once win, whole`, async (given) => {
    const row = rowOf(given)
    await insert(given.account, row)
    const outcomes = await atOnce(8, (number) =>
      update(given.account, { ...row, version: 2, updatedAt: buildInstant(100 + number) }, 1),
    )
    assert.equal(outcomes.filter(Boolean).length, 1)
    const winner = outcomes.indexOf(true) + 1
    assert.deepEqual((await read(given.account, row))?.updatedAt, buildInstant(100 + winner))
  })
}

function puts<Row extends Versioned>({ test }: StorageSuite, kind: VersionedPut<Row>): void {
  const { name, read, put } = kind
  const rowOf = (given: StorageCase, version: number): Row => ({
    ...kind.row(buildEverything(given)),
    version,
    updatedAt: buildInstant(version),
  })

  test(`${name}: inserts version 1 only`, async (given) => {
    for (const version of [2, 5, 0]) assert.equal(await put(given.account, rowOf(given, version)), false)
    assert.equal(await read(given.account, rowOf(given, 1)), undefined)
    assert.equal(await put(given.account, rowOf(given, 1)), true)
    assert.deepEqual(await read(given.account, rowOf(given, 1)), rowOf(given, 1))
  })

  test(`${name}: replaces only the version one lower`, async (given) => {
    await put(given.account, rowOf(given, 1))
    assert.equal(await put(given.account, rowOf(given, 2)), true)
    for (const version of [1, 2, 4]) {
      const stale = { ...rowOf(given, version), updatedAt: buildInstant(999) }
      assert.equal(await put(given.account, stale), false)
    }
    assert.deepEqual(await read(given.account, rowOf(given, 2)), rowOf(given, 2))
  })

  test(`${name}: lets one of many puts at once win`, async (given) => {
    const inserted = await atOnce(8, () => put(given.account, rowOf(given, 1)))
    assert.equal(inserted.filter(Boolean).length, 1)
    const replaced = await atOnce(8, () => put(given.account, rowOf(given, 2)))
    assert.equal(replaced.filter(Boolean).length, 1)
  })
}
