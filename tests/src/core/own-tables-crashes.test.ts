import { type AccountStorage, combineStorage, type HostStores, type Storage } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform, openSite, tinyPng } from './connected-account.ts'

/** The moment at which a process ends: in which of the steps that are counted, and how many of them are made before it. */
interface Crash {
  readonly at: 'our commit' | 'their insert'
  left: number
  hasHappened: boolean
}

/** Contents, terms and images in tables of the host, and a process that ends once between those and our storage. */
async function startWithOwnTables() {
  const [ours, host] = [createMemoryStorage(), createMemoryStorage()]
  await Promise.all([ours.migrate(), host.migrate()])
  let crash: Crash | undefined
  const isNow = (at: Crash['at']) => {
    if (crash?.at !== at || crash.hasHappened || crash.left-- > 0) return false
    crash.hasHappened = true
    return true
  }

  /** All of our transaction was done, the tables of the host have it, and nothing of ours is committed. */
  const mortal = (account: AccountStorage): AccountStorage => ({
    ...account,
    transaction: (work) =>
      account.transaction(async (stores) => {
        const done = await work(stores)
        if (isNow('our commit')) throw new Error('killed')
        return done
      }),
  })

  /** Our transaction is committed, and the tables of the host have not got its new rows. */
  function theirs(accountId: string): HostStores {
    const { content, taxonomies, images } = host.forAccount(accountId)
    const before = <Row>(insert: (rows: readonly Row[]) => Promise<void>) => {
      return async (rows: readonly Row[]) => {
        if (isNow('their insert')) throw new Error('killed')
        await insert(rows)
      }
    }
    return {
      content: { ...content, insert: before(content.insert) },
      taxonomies: { ...taxonomies, insert: before(taxonomies.insert) },
      images: { ...images, insert: before(images.insert) },
    }
  }

  const storage: Storage = combineStorage({
    storage: { ...ours, forAccount: (accountId) => mortal(ours.forAccount(accountId)) },
    forAccount: theirs,
    transaction: 'none',
  })
  const world = await connectToFakePlatform({ storage, started: false })
  return {
    ...world,
    rows: { ours: ours.forAccount('acct'), host: host.forAccount('acct') },
    dieAt(at: Crash['at'], left: number) {
      crash = { at, left, hasHappened: false }
      return crash
    },
  }
}

type World = Awaited<ReturnType<typeof startWithOwnTables>>

/** An item with a term and an image on either side. */
async function writeBothSides(world: World) {
  const { account, site, platform } = world
  const taxonomies = termsThere(world)
  const there = await taxonomies.create({ type: 'category', name: 'There' })
  const media = { url: 'https://fake.example/there.png', alt: 'There', title: 'There', mediaType: 'image/png' }
  platform.media.set('900', { ...media, externalId: '900', contentHash: 'a'.repeat(64) })
  const { externalId } = await openSite(world).content.create({
    type: 'post',
    fields: {
      title: 'Item there',
      body: '<p>There</p>',
      slug: 'there',
      state: 'published',
      terms: { category: [there.term.externalId] },
      featuredMediaId: '900',
    },
  })
  const here = await account.taxonomies.create({ siteId: site.id, type: 'category', name: 'Here' })
  const image = await account.images.create({ siteId: site.id, bytes: tinyPng(3), alt: 'Here' })
  const content = await approvedContent(world, {
    title: 'Item here',
    taxonomyIds: [here.id],
    featuredImageId: image.id,
  })
  return { contentId: content.id, externalId, term: there.term }
}

/** Both go to the other side, and change there. What dies is done again, by a person or by the next sync. */
async function liveThrough(world: World, written: Awaited<ReturnType<typeof writeBothSides>>): Promise<void> {
  const { account, platform, clock, integration } = world
  const { contentId, externalId, term } = written
  const taxonomies = termsThere(world)
  async function untilDone(work: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; attempt <= 3; attempt++) {
      await clock.advance(2 * 3_600_000)
      const isDone = await work().then(
        () => true,
        () => false,
      )
      if (isDone) return
    }
    throw new Error('It fails again and again.')
  }
  const syncUntilDone = () => untilDone(() => account.sync.run({ integrationId: integration.id }))
  await syncUntilDone()
  await untilDone(() => account.content.publish(contentId))
  await syncUntilDone()
  await taxonomies.update({ ...term, name: 'There, renamed' })
  const late = await taxonomies.create({ type: 'tag', name: 'Late' })
  platform.edit(externalId, { body: '<p>There, changed</p>', terms: { category: [], tag: [late.term.externalId] } })
  await clock.advance(25 * 3_600_000)
  await syncUntilDone()
  await syncUntilDone()
}

const linkKinds = ['content', 'taxonomy', 'image'] as const

function termsThere(world: World) {
  const { taxonomies } = openSite(world)
  if (taxonomies === undefined) throw new Error('The platform has terms.')
  return taxonomies
}

/** All rows without what tells one life from another: ids, versions, times. */
async function describeAll({ rows, account, platform, integration }: World) {
  const page = { limit: 100, includeRemoved: true } as const
  const byText = <Row>(found: readonly Row[]) => found.map((row) => JSON.stringify(row)).sort()
  const [contents, terms, images, links] = await Promise.all([
    rows.host.content.list({ ...page, sort: 'createdAt', direction: 'asc' }),
    rows.host.taxonomies.list(page),
    rows.host.images.list(page),
    Promise.all(linkKinds.map((kind) => rows.ours.links.list({ integrationId: integration.id, kind, limit: 100 }))),
  ])
  const nameOf = new Map(terms.items.map(({ id, name }) => [id, name]))
  const altOf = new Map(images.items.map(({ id, alt }) => [id, alt]))
  const known = new Set([...contents.items, ...terms.items, ...images.items].map(({ id }) => id))
  return {
    contents: byText(
      contents.items.map(({ title, body, status, pendingChanges, taxonomyIds, featuredImageId }) => ({
        ...{ title, body, status, pendingChanges },
        terms: taxonomyIds.map((id) => nameOf.get(id)).sort(),
        image: featuredImageId === null ? null : altOf.get(featuredImageId),
      })),
    ),
    terms: byText(terms.items.map(({ type, name, removedAt }) => ({ type, name, isRemoved: removedAt !== null }))),
    images: byText(images.items.map(({ alt, mediaType }) => ({ alt, mediaType }))),
    linksOfNothing: links.flatMap(({ items }) => items).filter(({ localId }) => !known.has(localId)).length,
    links: links.map(({ items }) => items.length),
    conflicts: (await account.conflicts.list()).items.length,
    there: byText([...platform.items.values()].map(({ fields: { title, body }, state }) => ({ title, body, state }))),
    termsThere: byText([...platform.terms.values()].map(({ type, name }) => ({ type, name }))),
    mediaThere: platform.media.size,
  }
}

/** What the storage beside keeps of rows that the host has. */
async function listKept({ rows: { ours } }: World): Promise<readonly string[]> {
  const page = { limit: 100, includeRemoved: true } as const
  const contents = await ours.content.list({ ...page, sort: 'createdAt', direction: 'asc' })
  const kept = [
    ...contents.items.map(({ title, body }) => title + body),
    ...(await ours.taxonomies.list(page)).items.map(
      ({ name, description }) => name.replace('\u{10ffff}', '') + description,
    ),
    ...(await ours.images.list(page)).items.map(({ alt, title, imageUrl }) => alt + title + imageUrl),
  ]
  return kept.filter((text) => text !== '')
}

describe('contents, terms and images in tables of the host', () => {
  it('are there, and the storage beside keeps nothing that they say', async () => {
    const world = await startWithOwnTables()
    await liveThrough(world, await writeBothSides(world))
    const { contents, terms, images, mediaThere, linksOfNothing } = await describeAll(world)
    expect([contents.length, images.length, mediaThere, linksOfNothing]).toEqual([2, 2, 2, 0])
    expect(terms.join()).toContain('There, renamed')
    expect(terms.join()).toContain('Late')
    expect(await listKept(world)).toEqual([])
  })

  it.each(['our commit', 'their insert'] as const)(
    'are the same in the end, whichever %s a process does not live to see',
    async (at) => {
      const undisturbed = await startWithOwnTables()
      await liveThrough(undisturbed, await writeBothSides(undisturbed))
      const expected = await describeAll(undisturbed)
      let crashes = 0
      for (let left = 0; ; left++) {
        const world = await startWithOwnTables()
        const written = await writeBothSides(world)
        const crash = world.dieAt(at, left)
        await liveThrough(world, written)
        if (!crash.hasHappened) break
        crashes++
        expect(await describeAll(world), `${at} ${left}`).toEqual(expected)
      }
      expect(crashes).toBeGreaterThan(3)
    },
  )
})
