import assert from 'node:assert/strict'
import type { Content } from '../model/content.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { AccountStores } from '../ports/storage.ts'
import { buildContent } from './build-content.ts'
import { buildId, buildInstant } from './build-identity.ts'
import { buildPublication, buildQueueEntry } from './build-publishing.ts'
import { buildLink, buildPushIntent } from './build-sync.ts'
import { atOnce, rejectsWith, type StorageSuite } from './storage-contract-suite.ts'

/** A kind of rows of which many are replaced at once. */
interface ManyRows<Row> {
  readonly name: string
  readonly build: (number: number) => Row
  readonly change: (row: Row, updatedAt: Date, version: number) => Row
  readonly insert: (stores: AccountStores, rows: readonly Row[]) => Promise<void>
  readonly replace: (
    stores: AccountStores,
    changes: readonly { readonly row: Row; readonly expectedVersion: number }[],
  ) => Promise<readonly boolean[]>
  readonly read: (stores: AccountStores, row: Row) => Promise<Row | undefined>
}

/** Compare-and-set of many rows in one call: each by its own version. */
export function manyContract(suite: StorageSuite): void {
  suite.describe('many rows at once', () => {
    replaces<Content>(suite, {
      name: 'content',
      build: (number) => buildContent({}, number),
      change: (row, updatedAt, version) => ({ ...row, title: `At ${updatedAt.getTime()}`, updatedAt, version }),
      insert: ({ content }, rows) => content.insert(rows),
      replace: ({ content }, changes) => content.updateMany(changes),
      read: ({ content }, row) => content.get(row.id),
    })
    replaces<SyncLink>(suite, {
      name: 'links',
      build: (number) => buildLink({}, number),
      change: (row, updatedAt, version) => ({ ...row, remoteHash: `At ${updatedAt.getTime()}`, updatedAt, version }),
      insert: ({ links }, rows) => links.insert(rows),
      replace: ({ links }, changes) => links.updateMany(changes),
      read: async ({ links }, row) => (await links.findByLocalIds(row.integrationId, row.kind, [row.localId]))[0],
    })
    movesOfLinks(suite)
    intentsOfMany(suite)
    leasesOfMany(suite)
    queueOfMany(suite)
  })
}

function replaces<Row extends { readonly accountId: string; readonly version: number }>(
  { test }: StorageSuite,
  { name, build, change, insert, replace, read }: ManyRows<Row>,
): void {
  test(`${name}: each is replaced by its own version, and told of in order`, async ({ account, own }) => {
    const rows = [1, 2, 3, 4].map((number) => own(build(number)))
    const unknown = own(build(9))
    await insert(account, rows)
    const versions = [1, 2, 0, 1]
    const changes = rows.map((row, index) => ({
      row: change(row, buildInstant(100 + index), 7),
      expectedVersion: versions[index] ?? 0,
    }))
    const missing = { row: unknown, expectedVersion: 1 }
    assert.deepEqual(await replace(account, [missing, ...changes]), [false, true, false, false, true])
    const expected = [changes[0]?.row, rows[1], rows[2], changes[3]?.row]
    for (const [index, row] of rows.entries()) assert.deepEqual(await read(account, row), expected[index])
    assert.equal(await read(account, unknown), undefined)
    assert.deepEqual(await replace(account, []), [])
  })

  test(`${name}: a row that is named twice, or is somebody else's, keeps all as they are`, async ({
    account,
    own,
    other,
    otherAccountId,
  }) => {
    const rows = [1, 2].map((number) => own(build(number)))
    await insert(account, rows)
    const foreign = { ...build(3), accountId: otherAccountId }
    await insert(other, [foreign])
    const changes = rows.map((row) => ({ row: change(row, buildInstant(100), 2), expectedVersion: 1 }))
    await rejectsWith('STORAGE_FAILED', () => replace(account, [...changes, ...changes.slice(0, 1)]))
    await rejectsWith('STORAGE_FAILED', () => replace(account, [...changes, { row: foreign, expectedVersion: 1 }]))
    for (const row of rows) assert.deepEqual(await read(account, row), row)
    assert.deepEqual(await read(other, foreign), foreign)
  })

  test(`${name}: of many calls at once one wins each row, whole`, async ({ account, own }) => {
    const rows = [1, 2, 3].map((number) => own(build(number)))
    await insert(account, rows)
    const outcomes = await atOnce(6, (number) =>
      replace(
        account,
        (number % 2 === 0 ? rows : rows.toReversed()).map((row) => ({
          row: change(row, buildInstant(100 + number), 2),
          expectedVersion: 1,
        })),
      ),
    )
    const won = outcomes.map((replaced) => replaced.filter(Boolean).length)
    assert.equal(
      won.reduce((sum, count) => sum + count, 0),
      rows.length,
    )
    for (const row of rows) assert.equal((await read(account, row))?.version, 2)
  })

  test(`${name}: more than a thousand in one call, inside a transaction`, async ({ account, own }) => {
    const rows = Array.from({ length: 1_001 }, (_, index) => own(build(index + 1)))
    await insert(account, rows)
    const changes = rows.map((row, index) => ({
      row: change(row, buildInstant(100), 2),
      expectedVersion: index === 500 ? 2 : 1,
    }))
    const replaced = await account.transaction((stores) => replace(stores, changes))
    assert.deepEqual(
      replaced.flatMap((isReplaced, index) => (isReplaced ? [] : [index])),
      [500],
    )
    assert.deepEqual(await read(account, changes[1_000]?.row as Row), changes[1_000]?.row)
  })
}

function movesOfLinks({ test }: StorageSuite): void {
  const integrationId = buildId('integration')
  const moved = (link: SyncLink, externalId: string) => ({ ...link, externalId, version: 2 })

  test('links: are found under their new external ids', async ({ account, own }) => {
    const links = [1, 2].map((number) => own(buildLink({}, number)))
    await account.links.insert(links)
    const changes = links.map((link, index) => ({ row: moved(link, `new-${index}`), expectedVersion: 1 }))
    assert.deepEqual(await account.links.updateMany(changes), [true, true])
    const found = await account.links.findByExternalIds(integrationId, 'content', ['new-0', 'new-1', '1001'])
    assert.equal(found.length, 2)
  })

  test('links: an external id that another one has, stored or among them, keeps all as they are', async ({
    account,
    own,
  }) => {
    const [first, second, third] = [1, 2, 3].map((number) => own(buildLink({}, number)))
    assert.ok(first && second && third)
    await account.links.insert([first, second, third])
    const touched = { row: { ...third, racy: true, version: 2 }, expectedVersion: 1 }
    const swapped = [moved(first, second.externalId), moved(second, first.externalId)]
    const same = [moved(first, 'same'), moved(second, 'same')]
    for (const rows of [[moved(first, second.externalId)], swapped, same]) {
      const changes = [touched, ...rows.map((row) => ({ row, expectedVersion: 1 }))]
      await rejectsWith('STORAGE_FAILED', () => account.links.updateMany(changes))
    }
    const stored = await account.links.findByLocalIds(integrationId, 'content', [first.localId, third.localId])
    assert.deepEqual(
      stored.toSorted((left, right) => (left.localId < right.localId ? -1 : 1)),
      [first, third],
    )
    const stale = { row: moved(first, second.externalId), expectedVersion: 9 }
    assert.deepEqual(await account.links.updateMany([stale, touched]), [false, true])
  })

  test('links: a refused call leaves its transaction as it was', async ({ account, own }) => {
    const links = [1, 2].map((number) => own(buildLink({}, number)))
    const [first] = links
    assert.ok(first)
    await account.transaction(async (stores) => {
      await stores.links.insert(links)
      const taken = { row: moved(first, '1002'), expectedVersion: 1 }
      await rejectsWith('STORAGE_FAILED', () => stores.links.updateMany([taken]))
      assert.deepEqual(await stores.links.updateMany([{ row: moved(first, '7'), expectedVersion: 1 }]), [true])
    })
    assert.equal((await account.links.findByExternalIds(integrationId, 'content', ['7'])).length, 1)
  })
}

function intentsOfMany({ test }: StorageSuite): void {
  const integrationId = buildId('integration')
  const contentIds = [1, 2, 3, 4].map((number) => buildId('content', number))
  const versionsOf = async ({ intents }: AccountStores) =>
    new Map((await intents.findMany(integrationId, contentIds)).map(({ contentId, version }) => [contentId, version]))

  test('intents: each is put by its own version, and told of in order', async ({ account, own }) => {
    const [first, second, third, fourth] = [1, 2, 3, 4].map((number) => own(buildPushIntent({}, number)))
    assert.ok(first && second && third && fourth)
    const elsewhere = { ...first, integrationId: buildId('integration', 2) }
    assert.deepEqual(await account.intents.putMany([first, elsewhere, third]), [true, true, true])
    const next = { ...first, version: 2, draftHash: 'next' }
    const changes = [{ ...third, version: 3 }, next, { ...fourth, version: 2 }, second, elsewhere]
    assert.deepEqual(await account.intents.putMany(changes), [false, true, false, true, false])
    const [one, two, three] = contentIds
    assert.deepEqual(
      await versionsOf(account),
      new Map([
        [one, 2],
        [two, 1],
        [three, 1],
      ]),
    )
    assert.deepEqual(await account.intents.find(integrationId, first.contentId), next)
    assert.deepEqual(await account.intents.putMany([]), [])
    await rejectsWith('STORAGE_FAILED', () => account.intents.putMany([fourth, { ...fourth, version: 2 }]))
    await account.intents.removeMany(integrationId, [first.contentId, fourth.contentId, third.contentId])
    assert.deepEqual([...(await versionsOf(account)).keys()], [two])
    assert.deepEqual(await account.intents.find(elsewhere.integrationId, first.contentId), elsewhere)
  })
}

function leasesOfMany({ test }: StorageSuite): void {
  const ask = (owner: string, seconds: number, ...keys: readonly string[]) => ({
    requests: keys.map((key) => ({ key, owner })),
    now: buildInstant(seconds),
    ttlMs: 60_000,
  })

  test('leases: each is acquired unless somebody else holds it', async ({ account: { leases } }) => {
    const held = await leases.acquire({ key: 'b', owner: 'two', now: buildInstant(), ttlMs: 60_000 })
    assert.ok(held)
    const [first, refused, third] = await leases.acquireMany(ask('one', 1, 'a', 'b', 'c'))
    assert.equal(refused, undefined)
    assert.ok(first && third)
    assert.deepEqual(first, { key: 'a', owner: 'one', token: first.token, expiresAt: buildInstant(61) })
    await leases.assertAllHeld([third, first, held], buildInstant(2))
    const [again, taken] = await leases.acquireMany(ask('one', 60.5, 'a', 'b'))
    assert.equal(again?.token, first.token)
    assert.ok(taken !== undefined && taken.token > held.token)
    await rejectsWith('LEASE_LOST', () => leases.assertAllHeld([first, held], buildInstant(60.6)))
    await rejectsWith('LEASE_LOST', () => leases.assertAllHeld([first, third], buildInstant(61)))
    await rejectsWith('STORAGE_FAILED', () => leases.acquireMany(ask('one', 62, 'd', 'd')))
    assert.deepEqual(await leases.acquireMany(ask('one', 62)), [])
    await leases.assertAllHeld([], buildInstant(62))
  })

  test('leases: several are released, but those that were lost', async ({ account: { leases } }) => {
    const [first, lost] = await leases.acquireMany(ask('one', 0, 'a', 'b'))
    const [newest] = await leases.acquireMany(ask('two', 61, 'b'))
    assert.ok(first && lost && newest)
    await leases.releaseMany([first, lost])
    await leases.releaseMany([])
    assert.deepEqual(await leases.listHeld(['a', 'b'], buildInstant(62)), ['b'])
    await leases.assertAllHeld([newest], buildInstant(62))
  })
}

function queueOfMany({ test }: StorageSuite): void {
  test('what waits for its publication, and its unit of quota, is read for many contents', async ({ account, own }) => {
    const entries = [1, 2, 3].map((number) => own(buildQueueEntry({}, number)))
    const units = [1, 2, 3].map((number) => own(buildPublication({}, number)))
    for (const entry of entries) await account.publicationQueue.put(entry)
    for (const publication of units) await account.publications.reserve({ publication, buckets: [] })
    const ids = [2, 9, 1, 2].map((number) => buildId('content', number))
    const sorted = <Row extends { readonly contentId: string }>(rows: readonly Row[]) =>
      rows.toSorted((left, right) => (left.contentId < right.contentId ? -1 : 1))
    assert.deepEqual(sorted(await account.publicationQueue.getMany(ids)), entries.slice(0, 2))
    assert.deepEqual(sorted(await account.publications.findMany(ids)), units.slice(0, 2))
  })
}
