import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform, openSite } from './connected-account.ts'

const lost = () => new Igny8Error({ code: 'CONNECTION_FAILED', message: 'reset', effect: 'unknown', retryable: true })

describe('terms', () => {
  it('are one here and there, where the answer to their creation was lost before a pull met them', async () => {
    const world = await connectToFakePlatform()
    const { account, platform, integration, site, clock } = world
    const news = await account.taxonomies.create({ siteId: site.id, type: 'category', name: 'News' })
    const content = await approvedContent(world, { taxonomyIds: [news.id] })
    platform.interfere.after = (call) => {
      if (call === 'taxonomies.create') throw lost()
    }
    await expect(account.content.publish(content.id)).rejects.toMatchObject({ effect: 'unknown' })
    platform.interfere = {}
    await clock.advance(60_000)
    await account.sync.pull({ integrationId: integration.id })
    expect(
      (await account.taxonomies.list({ type: 'category' })).items.filter(({ name }) => name === 'News'),
    ).toMatchObject([{ id: news.id }])
    await account.content.publish(content.id)
    expect(platform.calls.filter((call) => call === 'taxonomies.create')).toHaveLength(1)
  })

  it('are on what is published, also where one was deleted before the draft was made, and stands again by then', async () => {
    const world = await connectToFakePlatform()
    const { account, platform, integration, site, clock } = world
    const news = await account.taxonomies.create({ siteId: site.id, type: 'category', name: 'News' })
    const content = await approvedContent(world, { taxonomyIds: [news.id] })
    let isLaterToBeRead = true
    platform.interfere.before = async (call) => {
      if (call === 'content.create') platform.terms.clear()
      if (call !== 'content.get' || !isLaterToBeRead) return
      isLaterToBeRead = false
      await clock.advance(25 * 3_600_000)
      await account.sync.pull({ integrationId: integration.id })
    }
    await account.content.publish(content.id)
    const [item] = [...platform.items.values()].filter(({ fields }) => fields.title === content.title)
    expect([...platform.terms.values()].map(({ name }) => name)).toEqual(['News'])
    expect(item).toMatchObject({ status: 'publish', fields: { terms: { category: [...platform.terms.keys()] } } })
  })

  it('are on what is published, also where one was deleted before the draft was made, and nobody heard that it had got its slug', async () => {
    const world = await connectToFakePlatform()
    const { account, platform, integration, site, clock } = world
    const news = await account.taxonomies.create({ siteId: site.id, type: 'category', name: 'News' })
    const content = await approvedContent(world, { slug: 'final', taxonomyIds: [news.id] })
    platform.interfere.before = (call) => {
      if (call === 'content.create') platform.terms.clear()
    }
    platform.interfere.after = (call) => {
      if (call === 'content.update') throw lost()
    }
    await expect(account.content.publish(content.id)).rejects.toMatchObject({ effect: 'unknown' })
    platform.interfere = {}
    await clock.advance(25 * 3_600_000)
    await account.sync.pull({ integrationId: integration.id })
    await account.content.publish(content.id)
    const [item] = [...platform.items.values()].filter(({ fields }) => fields.title === content.title)
    expect([...platform.terms.values()].map(({ name }) => name)).toEqual(['News'])
    expect(item?.fields).toMatchObject({ slug: 'final', terms: { category: [...platform.terms.keys()] } })
  })

  it('are read in pages no larger than the platform gives', async () => {
    const world = await connectToFakePlatform({ maxPageSize: 5 })
    const { adapter } = world.platform
    const { open } = adapter
    const limits: number[] = []
    Object.assign(adapter, {
      open(connection: Parameters<typeof open>[0]) {
        const client = open(connection)
        const { taxonomies } = client
        if (taxonomies === undefined) return client
        const list: typeof taxonomies.list = (input) => {
          limits.push(input.limit)
          return taxonomies.list(input)
        }
        return { ...client, taxonomies: { ...taxonomies, list } }
      },
    })
    await world.account.sync.pull({ integrationId: world.integration.id })
    expect(new Set(limits)).toEqual(new Set([5]))
  })

  /** How often the site was asked for terms by one more pull, an hour later. */
  async function listsOfPull({ account, platform, integration, clock }: World): Promise<number> {
    await clock.advance(3_600_000)
    const before = platform.calls.length
    await account.sync.pull({ integrationId: integration.id })
    return platform.calls.slice(before).filter((call) => call === 'taxonomies.list').length
  }

  async function namesHere(world: World): Promise<readonly string[]> {
    return (await world.account.taxonomies.list({ siteId: world.site.id })).items.map(({ name }) => name)
  }

  it('are not read again within an hour', async () => {
    const { account, platform, integration } = await connectToFakePlatform()
    for (let pull = 1; pull <= 5; pull++) await account.sync.pull({ integrationId: integration.id })
    expect(platform.calls.filter((call) => call === 'taxonomies.list')).toHaveLength(2)
  })

  it('are read a page per pull, in turn, so that a new one is here after as many pulls as there are pages', async () => {
    const world = await connectToFakePlatform()
    await world.account.sync.pull({ integrationId: world.integration.id })
    await terms(world).create({ type: 'category', name: 'New there' })
    await terms(world).create({ type: 'tag', name: 'Also new' })
    expect(await listsOfPull(world)).toBe(1)
    expect(await listsOfPull(world)).toBe(1)
    expect(await namesHere(world)).toEqual(expect.arrayContaining(['New there', 'Also new']))
  })

  it('are read whole by the next pull once the structure was read anew, and once a day', async () => {
    const world = await connectToFakePlatform()
    const { account, integration, clock, platform } = world
    await account.sync.pull({ integrationId: integration.id })
    await clock.advance(60_000)
    const before = platform.calls.length
    await account.connections.updateStructure({ integrationId: integration.id })
    await account.sync.pull({ integrationId: integration.id })
    expect(platform.calls.slice(before).filter((call) => call === 'taxonomies.list')).toHaveLength(2)
    expect(await listsOfPull(world)).toBe(1)
    await clock.advance(25 * 3_600_000)
    expect(await listsOfPull(world)).toBe(2)
  })

  it('come a page after the other where a taxonomy has several, with parents that stand on another page', async () => {
    const world = await connectToFakePlatform({ maxPageSize: 2 })
    const { account, integration } = world
    const first = await terms(world).create({ type: 'category', name: 'A root' })
    for (const name of ['One', 'Two', 'Three']) await terms(world).create({ type: 'category', name })
    await account.sync.pull({ integrationId: integration.id })
    await terms(world).create({ type: 'category', name: 'A child', parentExternalId: first.term.externalId })
    for (let pull = 1; pull <= 8; pull++) expect(await listsOfPull(world)).toBe(1)
    const { items } = await account.taxonomies.list({ siteId: world.site.id })
    const root = items.find(({ name }) => name === 'A root')
    expect(items.find(({ name }) => name === 'A child')).toMatchObject({ parentId: root?.id })
  })

  it('are read whole where a page names a parent that is not known here', async () => {
    const world = await connectToFakePlatform({ maxPageSize: 2 })
    const { account, integration } = world
    const old = await terms(world).create({ type: 'category', name: 'Old' })
    for (const name of ['One', 'Two', 'Three']) await terms(world).create({ type: 'category', name })
    await account.sync.pull({ integrationId: integration.id })
    const root = await terms(world).create({ type: 'category', name: 'New root' })
    await terms(world).update({ ...old.term, parentExternalId: root.term.externalId })
    for (let pull = 1; pull <= 2; pull++) await listsOfPull(world)
    const { items } = await account.taxonomies.list({ siteId: world.site.id })
    const parent = items.find(({ name }) => name === 'New root')
    expect(items.find(({ name }) => name === 'Old')).toMatchObject({ parentId: parent?.id })
  })

  it('that are gone from the site stay here, and are created again with what bears them', async () => {
    const world = await connectToFakePlatform()
    const { account, integration, clock } = world
    const { term } = await terms(world).create({ type: 'category', name: 'Short-lived' })
    await account.sync.pull({ integrationId: integration.id })
    const row = (await account.taxonomies.list({ siteId: world.site.id })).items.find(
      ({ name }) => name === 'Short-lived',
    )
    await terms(world).delete(term)
    await clock.advance(25 * 3_600_000)
    await account.sync.pull({ integrationId: integration.id })
    expect(await namesHere(world)).toContain('Short-lived')
    const log = await account.sync.events({ integrationId: integration.id })
    expect(log.items).toContainEqual(expect.objectContaining({ contentId: row?.id, metadata: { outcome: 'deleted' } }))
    const content = await approvedContent(world, { taxonomyIds: [row?.id ?? ''] })
    await account.content.publish(content.id)
    const standing = await terms(world).list({ type: 'category', page: 1, limit: 100 })
    expect(standing.rows.filter(({ name }) => name === 'Short-lived')).toHaveLength(1)
    expect(standing.rows.map(({ externalId }) => externalId)).not.toContain(term.externalId)
  })

  it('that one walk missed and the next one met are not taken for gone', async () => {
    const world = await connectToFakePlatform({ maxPageSize: 2 })
    const { account, integration, clock, platform } = world
    const created = await Promise.all(
      ['One', 'Two', 'Three', 'Four'].map(async (name) => (await terms(world).create({ type: 'category', name })).term),
    )
    await account.sync.pull({ integrationId: integration.id })
    await clock.advance(25 * 3_600_000)
    let lists = 0
    platform.interfere.after = async (call) => {
      // One of the first page goes, so that the first row of the second page slips into the first.
      if (call === 'taxonomies.list' && ++lists === 1 && created[0] !== undefined) await terms(world).delete(created[0])
    }
    await account.sync.pull({ integrationId: integration.id })
    platform.interfere = {}
    const goneOnes = async () =>
      (await account.sync.events({ integrationId: integration.id })).items
        .filter(({ metadata }) => metadata.outcome === 'deleted')
        .map(({ externalId }) => externalId)
    expect(lists).toBeGreaterThan(4)
    expect(await goneOnes()).toEqual([])
    await clock.advance(25 * 3_600_000)
    await account.sync.pull({ integrationId: integration.id })
    expect(await goneOnes()).toEqual([created[0]?.externalId])
  })
})

type World = Awaited<ReturnType<typeof connectToFakePlatform>>

/** The terms of the site as a person there has them at hand. */
function terms(world: World) {
  const { taxonomies } = openSite(world)
  if (taxonomies === undefined) throw new Error('The fake platform has taxonomies.')
  return taxonomies
}
