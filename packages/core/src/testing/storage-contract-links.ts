import assert from 'node:assert/strict'
import type { SyncLink } from '../model/sync-link.ts'
import type { LinkFilter } from '../ports/link-store.ts'
import { buildId, buildInstant } from './build-identity.ts'
import { buildConflict, buildLink, buildPullState, buildPushIntent } from './build-sync.ts'
import { atOnce, rejectsWith, type StorageSuite, sorted } from './storage-contract-suite.ts'

const integrationId = buildId('integration')
const otherIntegration = buildId('integration', 2)
const contentId = buildId('content')
const localIdsOf = (links: readonly SyncLink[]) => sorted(links.map(({ localId }) => localId))
const contentIds = (...numbers: readonly number[]) => numbers.map((number) => buildId('content', number))

/** Links, intents, conflicts and marks of pulls. */
export function linksContract({ describe, test }: StorageSuite): void {
  describe('links', () => {
    test('are found from both sides, within their integration and kind', async ({ account, own }) => {
      const links = [1, 2, 3].map((number) => own(buildLink({}, number)))
      const taxonomy = own(buildLink({ kind: 'taxonomy' }))
      const elsewhere = own(buildLink({ integrationId: otherIntegration }))
      await account.links.insert([...links, taxonomy, elsewhere])
      assert.deepEqual(
        localIdsOf(await account.links.findByLocalIds(integrationId, 'content', [...contentIds(3, 1, 1), 'unknown'])),
        contentIds(1, 3),
      )
      assert.deepEqual(
        localIdsOf(await account.links.findByExternalIds(integrationId, 'content', ['1002', '1002', '7', '1001'])),
        contentIds(1, 2),
      )
      assert.deepEqual(await account.links.findByExternalIds(integrationId, 'taxonomy', ['1001']), [taxonomy])
      assert.deepEqual(await account.links.findByLocalIds(otherIntegration, 'content', contentIds(1, 2)), [elsewhere])
      assert.deepEqual(await account.links.findByLocalIds(integrationId, 'image', contentIds(1)), [])
      assert.deepEqual(await account.links.findByLocalIds(integrationId, 'content', []), [])
      assert.deepEqual(await account.links.findByExternalIds(integrationId, 'content', []), [])
    })

    test('of a local row are listed over all integrations', async ({ account, own }) => {
      const links = [own(buildLink()), own(buildLink({ integrationId: otherIntegration, externalId: '7' }))]
      await account.links.insert([...links, own(buildLink({ kind: 'image' })), own(buildLink({}, 2))])
      const found = await account.links.listOfLocal('content', contentId)
      assert.deepEqual(sorted(found.map((link) => link.integrationId)), [integrationId, otherIntegration])
      assert.deepEqual(await account.links.listOfLocal('taxonomy', contentId), [])
    })

    test('are listed and counted by integration and kind', async ({ account, own }) => {
      await account.links.insert([buildLink({}, 2), buildLink(), buildLink({ kind: 'image' }, 3)].map(own))
      const page = await account.links.list({ integrationId, kind: 'content', limit: 10 })
      assert.deepEqual(
        page.items.map(({ externalId }) => externalId),
        ['1001', '1002'],
      )
      assert.equal(await account.links.count({ integrationId, kind: 'content' }), 2)
      assert.equal(await account.links.count({ integrationId: otherIntegration, kind: 'content' }), 0)
    })

    test('refuse a second link on either side, in a later call or the same', async ({ account, own }) => {
      await account.links.insert([own(buildLink())])
      const sameLocal = own(buildLink({ externalId: '7' }))
      const sameExternal = own(buildLink({ localId: buildId('content', 7) }))
      await rejectsWith('STORAGE_FAILED', () => account.links.insert([sameLocal]))
      await rejectsWith('STORAGE_FAILED', () => account.links.insert([sameExternal]))
      const twins = [own(buildLink({}, 2)), own(buildLink({ externalId: '1002' }, 3))]
      await rejectsWith('STORAGE_FAILED', () => account.links.insert(twins))
      assert.equal(await account.links.count({ integrationId, kind: 'content' }), 1)
    })

    test('tie one of many local rows to a remote row when many try at once', async ({ account, own }) => {
      const outcomes = await atOnce(6, (number) =>
        account.links.insert([own(buildLink({ externalId: 'same' }, number))]).then(
          () => true,
          () => false,
        ),
      )
      assert.equal(outcomes.filter(Boolean).length, 1)
    })

    test('are found under a new external id, and the old one is free', async ({ account, own }) => {
      const link = own(buildLink())
      await account.links.insert([link])
      assert.equal(await account.links.update({ ...link, externalId: '7', version: 2 }, 1), true)
      assert.equal((await account.links.findByExternalIds(integrationId, 'content', ['7'])).length, 1)
      assert.deepEqual(await account.links.findByExternalIds(integrationId, 'content', [link.externalId]), [])
      await account.links.insert([own(buildLink({ externalId: link.externalId }, 2))])
    })

    test('refuse to take over an external id that is linked', async ({ account, own }) => {
      const [first, second] = [own(buildLink()), own(buildLink({}, 2))]
      await account.links.insert([first, second])
      const taken = { ...second, externalId: first.externalId, version: 2 }
      await rejectsWith('STORAGE_FAILED', () => account.links.update(taken, 1))
      assert.deepEqual(await account.links.findByExternalIds(integrationId, 'content', [second.externalId]), [second])
    })

    test('come up for a look in the order in which they were last compared', async ({ account, own }) => {
      const links = [
        buildLink({ verifiedAt: buildInstant(30) }, 1),
        buildLink({ verifiedAt: buildInstant(10) }, 2),
        buildLink({ verifiedAt: null }, 3),
        buildLink({ verifiedAt: buildInstant(20) }, 4),
        buildLink({ verifiedAt: buildInstant(1), deletedAt: buildInstant(2) }, 5),
        buildLink({ verifiedAt: buildInstant(1), kind: 'taxonomy' }, 6),
        buildLink({ verifiedAt: buildInstant(1), integrationId: otherIntegration }, 7),
      ]
      await account.links.insert(links.map(own))
      const first = await account.links.listLeastRecentlyVerified(integrationId, 3)
      assert.deepEqual(
        first.map(({ localId }) => localId),
        contentIds(3, 2, 4),
      )
      assert.equal((await account.links.listLeastRecentlyVerified(integrationId, 100)).length, 4)
    })

    test('are counted and listed by type, and the living apart from the dead', async ({ account, own }) => {
      const links = [
        buildLink({}, 1),
        buildLink({ externalType: 'page' }, 2),
        buildLink({ deletedAt: buildInstant(10) }, 3),
        buildLink({ deletedAt: buildInstant(20) }, 4),
      ]
      await account.links.insert(links.map(own))
      const count = async (filter: Partial<LinkFilter>) => {
        const counted = await account.links.count({ integrationId, kind: 'content', ...filter })
        const { items } = await account.links.list({ integrationId, kind: 'content', limit: 10, ...filter })
        assert.equal(items.length, counted)
        return counted
      }
      assert.equal(await count({ externalType: 'page' }), 1)
      assert.equal(await count({ state: 'living' }), 2)
      assert.equal(await count({ state: 'deleted' }), 2)
      assert.equal(await count({ deletedSince: buildInstant(20) }), 1)
      assert.equal(await count({ deletedSince: buildInstant(10), externalType: 'page' }), 0)
      assert.equal(await count({ state: 'living', externalType: 'post' }), 1)
    })

    test('that a sweep has not met are found, the dead and other types left out', async ({ account, own }) => {
      const links = [
        buildLink({}, 1),
        buildLink({ seenAt: buildInstant(5) }, 2),
        buildLink({ seenAt: buildInstant(50) }, 3),
        buildLink({ deletedAt: buildInstant(2) }, 4),
        buildLink({ externalType: 'page' }, 5),
        buildLink({ kind: 'taxonomy' }, 6),
        buildLink({ integrationId: otherIntegration }, 7),
      ]
      await account.links.insert(links.map(own))
      const unseen = async (before: Date, limit = 10) => {
        const found = await account.links.listUnseen({ integrationId, externalType: 'post', before, limit })
        return found.map(({ localId }) => localId)
      }
      assert.deepEqual(await unseen(buildInstant(50)), contentIds(1, 2))
      assert.deepEqual(await unseen(buildInstant(5)), contentIds(1))
      assert.deepEqual(await unseen(buildInstant(51)), contentIds(1, 2, 3))
      assert.deepEqual(await unseen(buildInstant(51), 2), contentIds(1, 2))
      await account.links.markSeen(integrationId, ['1001', '1001', 'unknown', '1006'], buildInstant(60))
      assert.deepEqual(await unseen(buildInstant(60)), contentIds(2, 3))
      const [seen] = await account.links.findByExternalIds(integrationId, 'content', ['1001'])
      assert.deepEqual(seen, own({ ...links[0], seenAt: buildInstant(60) } as SyncLink))
      await account.links.markSeen(integrationId, [], buildInstant(61))
      const [elsewhere] = await account.links.findByExternalIds(otherIntegration, 'content', ['1007'])
      assert.equal(elsewhere?.seenAt, null)
    })

    test('are removed, twice if need be, and both sides are free', async ({ account, own }) => {
      await account.links.insert([own(buildLink()), own(buildLink({}, 2))])
      await account.links.remove(integrationId, 'content', contentId)
      await account.links.remove(integrationId, 'content', contentId)
      assert.deepEqual(await account.links.findByExternalIds(integrationId, 'content', ['1001']), [])
      assert.equal(await account.links.count({ integrationId, kind: 'content' }), 1)
      await account.links.insert([own(buildLink())])
    })
  })

  describe('intents', () => {
    test('are one per integration and content, listed oldest first', async ({ account, own }) => {
      const rows = [buildPushIntent({}, 2), buildPushIntent(), buildPushIntent({}, 3)].map(own)
      const elsewhere = own(buildPushIntent({ id: buildId('intent', 9), integrationId: otherIntegration }))
      for (const row of [...rows, elsewhere]) assert.equal(await account.intents.put(row), true)
      const listed = await account.intents.listOfIntegration(integrationId, 2)
      assert.deepEqual(listed, [rows[1], rows[0]])
      assert.deepEqual(await account.intents.find(otherIntegration, contentId), elsewhere)
      assert.equal(await account.intents.find(otherIntegration, buildId('content', 2)), undefined)
      assert.deepEqual(await account.intents.findByMarker(integrationId, 'igny8-marker-2'), rows[0])
      assert.deepEqual(await account.intents.findByMarker(otherIntegration, 'igny8-marker-1'), elsewhere)
      assert.equal(await account.intents.findByMarker(otherIntegration, 'igny8-marker-2'), undefined)
      const second = own(buildPushIntent({ id: buildId('intent', 10) }))
      assert.equal(await account.intents.put(second), false, 'another push of the same content is under way')
    })

    test('are removed, twice if need be', async ({ account, own }) => {
      await account.intents.put(own(buildPushIntent()))
      await account.intents.remove(integrationId, contentId)
      await account.intents.remove(integrationId, contentId)
      assert.equal(await account.intents.find(integrationId, contentId), undefined)
      assert.deepEqual(await account.intents.listOfIntegration(integrationId, 10), [])
    })
  })

  describe('conflicts', () => {
    test('are at most one open per integration and content', async ({ account, own }) => {
      const first = own(buildConflict())
      const second = own(buildConflict({ id: buildId('conflict', 2) }))
      await account.conflicts.insert(first)
      await rejectsWith('STORAGE_FAILED', () => account.conflicts.insert(second))
      await account.conflicts.insert(
        own(buildConflict({ id: buildId('conflict', 3), integrationId: otherIntegration })),
      )
      assert.deepEqual(await account.conflicts.findOpen(integrationId, contentId), first)

      const third = own(buildConflict({ contentId: buildId('content', 3) }, 4))
      await account.conflicts.insert(third)
      const openOf = async (contentIds: readonly string[]) =>
        sorted((await account.conflicts.listOpen(integrationId, contentIds)).map(({ id }) => id))
      assert.deepEqual(await openOf([contentId, contentId, third.contentId, 'unknown']), sorted([first.id, third.id]))
      assert.deepEqual(await openOf([]), [])

      const resolved = { ...first, status: 'resolved', resolution: { title: 'ours' }, version: 2 } as const
      assert.equal(await account.conflicts.update(resolved, 1), true)
      assert.equal(await account.conflicts.findOpen(integrationId, contentId), undefined)
      assert.deepEqual(await openOf([contentId]), [])
      await account.conflicts.insert(second)
      assert.deepEqual(await account.conflicts.findOpen(integrationId, contentId), second)
      assert.deepEqual(await account.conflicts.get(first.id), resolved)
    })

    test('are listed and counted by every filter', async ({ account, own }) => {
      const rows = [
        buildConflict(),
        buildConflict({ integrationId: otherIntegration }, 2),
        buildConflict({ contentId, status: 'resolved' }, 3),
      ]
      for (const row of rows) await account.conflicts.insert(own(row))
      const cases = [
        [{}, [1, 2, 3]],
        [{ integrationId }, [1, 3]],
        [{ contentId }, [1, 3]],
        [{ status: 'open' }, [1, 2]],
        [{ status: 'resolved', integrationId: otherIntegration }, []],
      ] as const
      for (const [filter, expected] of cases) {
        const { items } = await account.conflicts.list({ ...filter, limit: 10 })
        assert.deepEqual(
          items.map(({ id }) => id),
          expected.map((number) => buildId('conflict', number)),
        )
        assert.equal(await account.conflicts.count(filter), expected.length)
      }
    })
  })

  describe('pull states', () => {
    test('are one per integration and scope, and forgotten together', async ({ account, own }) => {
      const [posts, pages] = [own(buildPullState()), own(buildPullState({ scope: 'page', mark: null }))]
      const elsewhere = own(buildPullState({ integrationId: otherIntegration }))
      for (const state of [posts, pages, elsewhere]) assert.equal(await account.pullStates.put(state), true)
      assert.deepEqual(await account.pullStates.get(integrationId, 'page'), pages)
      assert.equal(await account.pullStates.get(integrationId, 'product'), undefined)
      assert.deepEqual(sorted((await account.pullStates.list(integrationId)).map(({ scope }) => scope)), [
        'page',
        'post',
      ])
      await account.pullStates.removeOfIntegration(integrationId)
      await account.pullStates.removeOfIntegration(integrationId)
      assert.deepEqual(await account.pullStates.list(integrationId), [])
      assert.deepEqual(await account.pullStates.list(otherIntegration), [elsewhere])
      assert.equal(await account.pullStates.put(posts), true)
    })
  })
}
