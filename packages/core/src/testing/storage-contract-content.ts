import assert from 'node:assert/strict'
import { buildContent, buildContentVersion, buildImage, buildTaxonomy } from './build-content.ts'
import { buildId, buildInstant } from './build-identity.ts'
import { rejectsWith, type StorageSuite, sorted } from './storage-contract-suite.ts'

const otherSite = buildId('site', 2)
const removedAt = buildInstant(99)

/** Contents and their history, taxonomies, images. */
export function contentContract({ describe, test }: StorageSuite): void {
  describe('content', () => {
    test('is found by ids, tombstones too; unknown ids are left out', async ({ account, own }) => {
      const rows = [buildContent(), buildContent({ removedAt }, 2), buildContent({}, 3)].map(own)
      await account.content.insert(rows)
      assert.deepEqual(await account.content.get(buildId('content', 2)), rows[1])
      assert.equal(await account.content.get('unknown'), undefined)
      const ids = [3, 9, 2, 3].map((number) => buildId('content', number))
      const found = await account.content.getMany(ids)
      assert.deepEqual(
        sorted(found.map(({ id }) => id)),
        [2, 3].map((number) => buildId('content', number)),
      )
      assert.deepEqual(await account.content.getMany([]), [])
    })

    test('takes ids of a host: opaque, up to 255 characters', async ({ account, own }) => {
      const ids = ['1', 'post/7', 'ü'.repeat(255), `a'b"c`, ' ', '__proto__']
      await account.content.insert(ids.map((id) => own(buildContent({ id }))))
      for (const id of ids) assert.equal((await account.content.get(id))?.id, id)
      assert.deepEqual(sorted((await account.content.getMany(ids)).map(({ id }) => id)), sorted(ids))
    })

    test('is listed and counted by every filter', async ({ account, own }) => {
      const rows = [
        buildContent(),
        buildContent({ siteId: otherSite, type: 'page' }, 2),
        buildContent({ status: 'approved', title: 'Hello WORLD' }, 3),
        buildContent({ origin: 'remote', status: 'published', pendingChanges: true }, 4),
        buildContent({ title: '100% of a_b \\ done', removedAt }, 5),
      ]
      await account.content.insert(rows.map(own))
      const cases = [
        [{}, [1, 2, 3, 4]],
        [{ includeRemoved: true }, [1, 2, 3, 4, 5]],
        [{ siteId: otherSite }, [2]],
        [{ type: 'post' }, [1, 3, 4]],
        [{ status: 'approved' }, [3]],
        [{ origin: 'remote' }, [4]],
        [{ origin: 'local', type: 'post' }, [1, 3]],
        [{ pendingChanges: true }, [4]],
        [{ pendingChanges: false }, [1, 2, 3]],
        [{ search: 'lo world' }, [3]],
        [{ search: 'CONTENT' }, [1, 2, 4]],
        [{ search: '0% OF A_B \\ d', includeRemoved: true }, [5]],
        [{ search: '%' }, []],
        [{ search: 'h_llo' }, []],
        [{ siteId: 'unknown' }, []],
      ] as const
      for (const [filter, expected] of cases) {
        const page = await account.content.list({ ...filter, sort: 'createdAt', direction: 'asc', limit: 10 })
        assert.deepEqual(
          page.items.map(({ id }) => id),
          expected.map((number) => buildId('content', number)),
          JSON.stringify(filter),
        )
        assert.equal(await account.content.count(filter), expected.length, JSON.stringify(filter))
      }
    })

    test('is listed under the site it was moved to', async ({ account, own }) => {
      const content = own(buildContent())
      await account.content.insert([content])
      await account.content.update({ ...content, siteId: otherSite, version: 2 }, 1)
      assert.equal(await account.content.count({ siteId: content.siteId }), 0)
      assert.equal(await account.content.count({ siteId: otherSite }), 1)
    })

    test('breaks ties of a list by id', async ({ account, own }) => {
      const createdAt = buildInstant()
      await account.content.insert([3, 1, 2].map((number) => own(buildContent({ createdAt }, number))))
      const { items } = await account.content.list({ sort: 'createdAt', direction: 'asc', limit: 10 })
      assert.deepEqual(
        items.map(({ id }) => id),
        [1, 2, 3].map((number) => buildId('content', number)),
      )
    })

    test('refuses a taken id, whether stored before or in the same call', async ({ account, own }) => {
      await account.content.insert([own(buildContent())])
      await rejectsWith('STORAGE_FAILED', () => account.content.insert([own(buildContent({ title: 'Second' }))]))
      const twins = [own(buildContent({}, 2)), own(buildContent({}, 2))]
      await rejectsWith('STORAGE_FAILED', () => account.content.insert(twins))
      assert.equal(await account.content.count({}), 1)
      assert.equal((await account.content.get(buildId('content')))?.title, 'Content 1')
    })

    test('takes nothing, and a thousand at once', async ({ account, own }) => {
      await account.content.insert([])
      await account.content.insert(Array.from({ length: 1000 }, (_, index) => own(buildContent({}, index + 1))))
      assert.equal(await account.content.count({}), 1000)
    })

    test('tells what was written after an instant, tombstones too', async ({ account, own }) => {
      const rows = [1, 2, 3, 4].map((number) => own(buildContent({ createdAt: buildInstant() }, number)))
      await account.content.insert(rows)
      const [first] = rows
      assert.ok(first)
      await account.content.update({ ...first, removedAt, updatedAt: buildInstant(50), version: 2 }, 1)
      const changed = await account.content.listChangedSince({ since: buildInstant(2), limit: 10 })
      assert.deepEqual(
        changed.items.map(({ id }) => id),
        [3, 4, 1].map((number) => buildId('content', number)),
      )
      assert.deepEqual((await account.content.listChangedSince({ since: buildInstant(50), limit: 10 })).items, [])
    })
  })

  describe('history', () => {
    test('keeps every version, and one that stands as it stands', async ({ account, own }) => {
      const versions = [1, 2, 3].map((number) => own(buildContentVersion({}, number)))
      await account.history.append(versions.slice(0, 2))
      await account.history.append([own(buildContentVersion({ title: 'Rewritten' }, 2)), ...versions.slice(2)])
      await account.history.append([])
      const contentId = buildId('content')
      assert.deepEqual(await account.history.get(contentId, 2), versions[1])
      assert.deepEqual(await account.history.get(contentId, 3), versions[2])
      assert.equal(await account.history.get(contentId, 4), undefined)
      assert.deepEqual((await account.history.list(contentId, { limit: 10 })).items, versions.toReversed())
    })

    test('tells what was replaced since an instant, of each content the newest', async ({ account, own }) => {
      const versionsOf = (contentId: string) =>
        [1, 2, 3, 4].map((version) =>
          own(buildContentVersion({ contentId, version, createdAt: buildInstant(version) })),
        )
      await account.history.append(['a', 'b', 'c'].flatMap(versionsOf))
      const listed = async (contentIds: readonly string[], since: number, limit: number) =>
        (await account.history.listSince(contentIds, buildInstant(since), limit))
          .map(({ contentId, version }) => `${contentId}${version}`)
          .toSorted()
      assert.deepEqual(await listed(['a', 'b', 'a', 'unknown'], 3, 10), ['a3', 'a4', 'b3', 'b4'])
      assert.deepEqual(await listed(['a', 'b'], 1, 3), ['a2', 'a3', 'a4', 'b2', 'b3', 'b4'])
      assert.deepEqual(await listed(['a'], 4.5, 10), [])
      assert.deepEqual(await listed([], 0, 10), [])
      const newestFirst = (await account.history.listSince(['b'], buildInstant(2), 10)).map(({ version }) => version)
      assert.deepEqual(newestFirst, [4, 3, 2])
    })

    test('keeps contents apart', async ({ account, own }) => {
      await account.history.append([1, 2].map((number) => own(buildContentVersion({ contentId: `content-${number}` }))))
      assert.equal((await account.history.list('content-1', { limit: 10 })).items.length, 1)
      assert.deepEqual((await account.history.list('content-3', { limit: 10 })).items, [])
    })
  })

  describe('taxonomies', () => {
    test('are found, listed by name and counted by site and type', async ({ account, own }) => {
      const rows = [
        buildTaxonomy({ name: 'b' }),
        buildTaxonomy({ name: 'a', type: 'tag' }, 2),
        buildTaxonomy({ name: 'c', siteId: otherSite }, 3),
        buildTaxonomy({ name: 'd', removedAt }, 4),
      ]
      await account.taxonomies.insert(rows.map(own))
      const cases = [
        [{}, [2, 1, 3]],
        [{ includeRemoved: true }, [2, 1, 3, 4]],
        [{ siteId: otherSite }, [3]],
        [{ type: 'category' }, [1, 3]],
        [{ type: 'tag', siteId: otherSite }, []],
        [{ name: 'B' }, [1]],
        [{ name: 'D', includeRemoved: true }, [4]],
        [{ name: '' }, []],
      ] as const
      for (const [filter, expected] of cases) {
        const { items } = await account.taxonomies.list({ ...filter, limit: 10 })
        assert.deepEqual(
          items.map(({ id }) => id),
          expected.map((number) => buildId('taxonomy', number)),
        )
        assert.equal(await account.taxonomies.count(filter), expected.length)
      }
      assert.equal((await account.taxonomies.get(buildId('taxonomy', 4)))?.name, 'd')
      assert.equal((await account.taxonomies.getMany([buildId('taxonomy', 4), 'unknown'])).length, 1)
    })

    test('are listed by the code points of their names', async ({ account, own }) => {
      const names = ['A', 'B', 'a', '\u00e4', '\ud7ff', '\uff21', '\u{1f600}', '\u{10ffff}', '\u{10ffff}a']
      await account.taxonomies.insert(names.map((name, index) => own(buildTaxonomy({ name }, index + 1))).reverse())
      const { items } = await account.taxonomies.list({ limit: 10 })
      assert.deepEqual(
        items.map(({ name }) => name),
        names,
      )
    })
  })

  describe('images', () => {
    test('are found, listed and counted by site', async ({ account, own }) => {
      await account.images.insert([buildImage(), buildImage({ siteId: otherSite }, 2), buildImage({}, 3)].map(own))
      const { items } = await account.images.list({ siteId: buildId('site'), limit: 10 })
      assert.deepEqual(
        items.map(({ id }) => id),
        [1, 3].map((number) => buildId('image', number)),
      )
      assert.equal(await account.images.count({ siteId: otherSite }), 1)
      assert.equal(await account.images.count({}), 3)
      assert.equal((await account.images.getMany([buildId('image', 2), 'unknown'])).length, 1)
      assert.equal(await account.images.get('unknown'), undefined)
    })
  })
}
