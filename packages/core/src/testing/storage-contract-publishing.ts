import assert from 'node:assert/strict'
import type { QuotaBucket } from '../ports/publishing-stores.ts'
import { buildId, buildInstant } from './build-identity.ts'
import { buildPublication, buildPublishingSettings, buildQueueEntry } from './build-publishing.ts'
import { atOnce, type StorageSuite } from './storage-contract-suite.ts'

const siteId = buildId('site')

function bucket(limit: number | null, from = 0, to = 3600): QuotaBucket {
  return { period: 'daily', from: buildInstant(from), to: buildInstant(to), limit }
}

/** Settings, queue and quotas. */
export function publishingContract({ describe, test }: StorageSuite): void {
  describe('publishing settings', () => {
    test('are created from the defaults once, then stay', async ({ account, own }) => {
      const defaults = own(buildPublishingSettings())
      assert.equal(await account.publishingSettings.get(siteId), undefined)
      assert.deepEqual(await account.publishingSettings.getOrCreate(defaults), { settings: defaults, created: true })
      const others = { ...defaults, dailyPublishLimit: 99 }
      assert.deepEqual(await account.publishingSettings.getOrCreate(others), { settings: defaults, created: false })
      assert.deepEqual(await account.publishingSettings.get(siteId), defaults)
    })

    test('are the same row for all who ask at once', async ({ account, own }) => {
      const answers = await atOnce(6, (number) =>
        account.publishingSettings.getOrCreate(own(buildPublishingSettings({ dailyPublishLimit: number }))),
      )
      assert.equal(answers.filter(({ created }) => created).length, 1)
      for (const { settings } of answers) assert.deepEqual(settings, answers[0]?.settings)
    })
  })

  describe('publication queue', () => {
    test('goes by priority, then approval, then content id, site by site', async ({ account, own }) => {
      const approvedAt = buildInstant(5)
      const entries = [
        buildQueueEntry({ approvedAt, priority: 0 }, 1),
        buildQueueEntry({ approvedAt: buildInstant(9), priority: 2 }, 2),
        buildQueueEntry({ approvedAt, priority: 2 }, 4),
        buildQueueEntry({ approvedAt, priority: 2 }, 3),
        buildQueueEntry({ approvedAt: buildInstant(1), priority: -1 }, 5),
        buildQueueEntry({ siteId: buildId('site', 2) }, 6),
      ]
      for (const entry of entries) assert.equal(await account.publicationQueue.put(own(entry)), true)
      const first = await account.publicationQueue.list({ siteId, limit: 2 })
      assert.ok(first.nextCursor)
      const rest = await account.publicationQueue.list({ siteId, limit: 10, cursor: first.nextCursor })
      assert.deepEqual(
        [...first.items, ...rest.items].map(({ contentId }) => contentId),
        [3, 4, 2, 1, 5].map((number) => buildId('content', number)),
      )
    })

    test('is left, twice if need be', async ({ account, own }) => {
      await account.publicationQueue.put(own(buildQueueEntry()))
      await account.publicationQueue.remove(buildId('content'))
      await account.publicationQueue.remove(buildId('content'))
      assert.equal(await account.publicationQueue.get(buildId('content')), undefined)
    })
  })

  describe('publication ledger', () => {
    test('reserves up to the limit, then says which bucket is full', async ({ account, own }) => {
      const buckets = [bucket(null), bucket(2, 0, 7200), bucket(9)]
      for (const number of [1, 2]) {
        const publication = own(buildPublication({}, number))
        const outcome = await account.publications.reserve({ publication, buckets })
        assert.deepEqual(outcome, { kind: 'reserved', publication })
      }
      const third = own(buildPublication({}, 3))
      const outcome = await account.publications.reserve({ publication: third, buckets })
      assert.deepEqual(outcome, { kind: 'full', bucket: buckets[1], used: 2 })
      assert.equal(await account.publications.find(third.contentId), undefined)
    })

    test('counts [from, to) by countedAt, by site', async ({ account, own }) => {
      const instants = [20, 19.999, 10, 9]
      for (const [index, seconds] of instants.entries()) {
        const publication = own(buildPublication({ countedAt: buildInstant(seconds) }, index + 1))
        await account.publications.reserve({ publication, buckets: [] })
      }
      const elsewhere = own(buildPublication({ siteId: buildId('site', 2), countedAt: buildInstant(15) }, 8))
      await account.publications.reserve({ publication: elsewhere, buckets: [] })
      const publication = own(buildPublication({ countedAt: buildInstant(11) }, 9))
      const full = await account.publications.reserve({ publication, buckets: [bucket(2, 10, 20)] })
      assert.deepEqual(full, { kind: 'full', bucket: bucket(2, 10, 20), used: 2 })
      const between = await account.publications.listBetween(siteId, buildInstant(10), buildInstant(20))
      assert.deepEqual(
        between.map(({ contentId }) => contentId),
        [3, 2].map((number) => buildId('content', number)),
      )
      const reserved = await account.publications.reserve({ publication, buckets: [bucket(3, 10, 20)] })
      assert.equal(reserved.kind, 'reserved')
    })

    test('never exceeds a limit when many reserve at once', async ({ account, own }) => {
      const outcomes = await atOnce(10, (number) =>
        account.publications.reserve({ publication: own(buildPublication({}, number)), buckets: [bucket(3)] }),
      )
      assert.equal(outcomes.filter(({ kind }) => kind === 'reserved').length, 3)
      assert.equal((await account.publications.listBetween(siteId, buildInstant(), buildInstant(3600))).length, 3)
    })

    test('never exceeds a limit when many transactions reserve at once', async ({ account, own }) => {
      const outcomes = await atOnce(4, (number) =>
        account.transaction((stores) =>
          stores.publications.reserve({ publication: own(buildPublication({}, number)), buckets: [bucket(1)] }),
        ),
      )
      assert.equal(outcomes.filter(({ kind }) => kind === 'reserved').length, 1)
    })

    test('counts a content once: again gives the first reservation, even where all is full', async (given) => {
      const { account, own } = given
      const first = own(buildPublication())
      await account.publications.reserve({ publication: first, buckets: [bucket(1)] })
      const again = own(buildPublication({ id: buildId('publication', 2), countedAt: buildInstant(99) }))
      const outcomes = await atOnce(4, () => account.publications.reserve({ publication: again, buckets: [bucket(1)] }))
      for (const outcome of outcomes) assert.deepEqual(outcome, { kind: 'reserved', publication: first })
      assert.deepEqual(await account.publications.find(first.contentId), first)
    })

    test('0 is none, and null is no limit', async ({ account, own }) => {
      const publication = own(buildPublication())
      const outcome = await account.publications.reserve({ publication, buckets: [bucket(0)] })
      assert.deepEqual(outcome, { kind: 'full', bucket: bucket(0), used: 0 })
      const unlimited = await account.publications.reserve({ publication, buckets: [bucket(null)] })
      assert.equal(unlimited.kind, 'reserved')
    })

    test('goes past a full bucket for a reason, records it, and counts the unit', async ({ account, own }) => {
      const [first, forced, third] = [1, 2, 3].map((number) => own(buildPublication({}, number)))
      assert.ok(first && forced && third)
      const forcedReason = 'press release'
      await account.publications.reserve({ publication: first, buckets: [bucket(1)], forcedReason })
      assert.equal((await account.publications.find(first.contentId))?.forcedReason, null, 'no limit was passed')
      const outcome = await account.publications.reserve({ publication: forced, buckets: [bucket(1)], forcedReason })
      assert.deepEqual(outcome, { kind: 'reserved', publication: { ...forced, forcedReason } })
      assert.equal((await account.publications.find(forced.contentId))?.forcedReason, forcedReason)
      const full = await account.publications.reserve({ publication: third, buckets: [bucket(1)] })
      assert.deepEqual(full, { kind: 'full', bucket: bucket(1), used: 2 })
    })

    test('settles a unit: its status and instant move, and it goes on counting', async ({ account, own }) => {
      const publication = own(buildPublication())
      const { contentId } = publication
      assert.equal(await account.publications.settle(contentId, 'published', buildInstant(1)), false)
      await account.publications.reserve({ publication, buckets: [] })
      assert.equal(await account.publications.settle(contentId, 'verifying', buildInstant(50)), true)
      assert.equal(await account.publications.settle(contentId, 'handed-over', buildInstant(60)), true)
      assert.equal((await account.publications.find(contentId))?.status, 'handed-over')
      assert.equal(await account.publications.settle(contentId, 'published', buildInstant(5000)), true)
      const settled = await account.publications.find(contentId)
      assert.deepEqual([settled?.status, settled?.countedAt], ['published', buildInstant(5000)])
      assert.deepEqual(await account.publications.listBetween(siteId, buildInstant(), buildInstant(3600)), [])
      const next = own(buildPublication({}, 2))
      const full = await account.publications.reserve({ publication: next, buckets: [bucket(1, 4000, 6000)] })
      assert.equal(full.kind, 'full')
    })

    test('gives a released unit back, twice if need be', async ({ account, own }) => {
      const [first, second] = [own(buildPublication()), own(buildPublication({}, 2))]
      await account.publications.reserve({ publication: first, buckets: [bucket(1)] })
      await account.publications.release(first.contentId)
      await account.publications.release(first.contentId)
      assert.equal(await account.publications.find(first.contentId), undefined)
      const outcome = await account.publications.reserve({ publication: second, buckets: [bucket(1)] })
      assert.equal(outcome.kind, 'reserved')
    })
  })
}
