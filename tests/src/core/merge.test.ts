import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform } from './connected-account.ts'

type World = Awaited<ReturnType<typeof connectToFakePlatform>>
type Fields = Parameters<World['platform']['edit']>[1]

const p = (text: string) => `<!-- wp:paragraph -->\n<p>${text}</p>\n<!-- /wp:paragraph -->`
const body = (...texts: readonly string[]) => texts.map(p).join('\n\n')

/** Published content, and what a person here and a person there do with it. */
async function published(fields: Parameters<typeof approvedContent>[1] = {}) {
  const world = await connectToFakePlatform()
  const created = await approvedContent(world, { body: body('a', 'b', 'c'), ...fields })
  await world.account.content.publish(created.id)
  const contentId = created.id
  const integrationId = world.integration.id
  const externalId = [...world.platform.items.keys()].at(-1) ?? ''
  const head = () => world.account.content.get(contentId)
  return {
    ...world,
    contentId,
    head,
    remote: () => world.platform.items.get(externalId)?.fields,
    async editHere(changes: Parameters<World['account']['content']['update']>[0]['changes'], approve = true) {
      await world.account.content.update({ contentId, version: (await head()).version, changes })
      if (approve) await world.account.content.approve(contentId)
    },
    async editThere(changes: Fields) {
      await world.clock.advance(60_000)
      world.platform.edit(externalId, changes)
    },
    async setThere(status: string, state: 'trashed' | 'published' | 'scheduled') {
      await world.clock.advance(60_000)
      const item = world.platform.items.get(externalId)
      if (item !== undefined) Object.assign(item, { status, state, modifiedAt: world.clock.now() })
    },
    pull: () => world.account.sync.pull({ integrationId }),
    run: () => world.account.sync.run({ integrationId }),
    open: async () => (await world.account.conflicts.list({ contentId, status: 'open' })).items,
  }
}

describe('a merge', () => {
  it('of two paragraphs is the new head, carries the approval over, is pushed, and then all is quiet', async () => {
    const world = await published()
    await world.editHere({ body: body('A', 'b', 'c') })
    await world.editThere({ body: body('a', 'b', 'C') })
    await world.pull()
    expect(await world.head()).toMatchObject({ body: body('A', 'b', 'C'), pendingChanges: true })
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: 'content.approval_carried', data: expect.objectContaining({ fields: 'body' }) }),
    )
    await world.run()
    expect(world.remote()?.body).toBe(body('A', 'b', 'C'))
    world.platform.calls.length = 0
    await world.run()
    expect(world.platform.calls).not.toContain('content.update')
    expect(await world.head()).toMatchObject({ body: body('A', 'b', 'C'), pendingChanges: false })
    expect((await world.account.content.versions(world.contentId)).items.map((version) => version.body)).toContain(
      body('A', 'b', 'c'),
    )
  })

  it('of an edit that nobody approved waits for its approval', async () => {
    const world = await published()
    await world.editHere({ body: body('A', 'b', 'c') }, false)
    await world.editThere({ body: body('a', 'b', 'C') })
    await world.run()
    expect(await world.head()).toMatchObject({ body: body('A', 'b', 'C'), pendingChanges: true, approvedHash: null })
    expect(world.remote()?.body).toBe(body('a', 'b', 'C'))
    await world.account.content.approve(world.contentId)
    await world.run()
    expect(world.remote()?.body).toBe(body('A', 'b', 'C'))
  })

  it('happens before a push as well', async () => {
    const world = await published()
    await world.editHere({ body: body('A', 'b', 'c') })
    await world.editThere({ body: body('a', 'b', 'C') })
    await world.account.content.publish(world.contentId)
    expect(world.remote()?.body).toBe(body('A', 'b', 'C'))
    expect(await world.head()).toMatchObject({ body: body('A', 'b', 'C'), pendingChanges: false })
  })

  it('takes off what the site took off: a term and the featured image', async () => {
    const seed = await connectToFakePlatform()
    const tags = await Promise.all(
      ['One', 'Two', 'Three'].map((name) =>
        seed.account.taxonomies.create({ siteId: seed.site.id, type: 'tag', name }),
      ),
    )
    const [one = '', two = '', three = ''] = tags.map((tag) => tag.id)
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
      'base64',
    )
    const image = await seed.account.images.create({ siteId: seed.site.id, bytes: png })
    const content = await approvedContent(seed, { taxonomyIds: [one, two], featuredImageId: image.id })
    const { content: sent } = await seed.account.content.publish(content.id)
    await seed.clock.advance(60_000)
    const item = [...seed.platform.items.values()][0]
    const [first = ''] = item?.fields.terms.tag ?? []
    seed.platform.edit(item?.externalId ?? '', {
      featuredMediaId: null,
      terms: { ...item?.fields.terms, tag: [first] },
    })
    const changes = { taxonomyIds: [one, two, three] }
    await seed.account.content.update({ contentId: content.id, version: sent.version, changes })
    await seed.account.content.approve(content.id)
    await seed.account.sync.run({ integrationId: seed.integration.id })
    const head = await seed.account.content.get(content.id)
    expect(head.featuredImageId).toBeNull()
    expect([...head.taxonomyIds].sort()).toEqual([one, three].sort())
    expect(item?.fields.terms.tag).toHaveLength(2)
  })

  it('keeps pending what is edited here while the site publishes on time', async () => {
    const world = await published()
    await world.setThere('future', 'scheduled')
    await world.pull()
    await world.editHere({ title: 'Ours' })
    await world.setThere('publish', 'published')
    await world.pull()
    expect(await world.open()).toEqual([])
    expect(await world.head()).toMatchObject({ status: 'published', title: 'Ours', pendingChanges: true })
  })

  it('keeps in the history what the policy decided against', async () => {
    const world = await published()
    const { id: integrationId, version } = await world.account.connections.get(world.integration.id)
    await world.account.connections.update({ integrationId, version, changes: { config: { conflicts: 'local' } } })
    await world.editHere({ title: 'Ours' })
    await world.editThere({ title: 'Theirs' })
    await world.run()
    expect(world.remote()?.title).toBe('Ours')
    expect((await world.account.content.versions(world.contentId)).items.map(({ title }) => title)).toContain('Theirs')
  })
})

describe('a conflict', () => {
  const both = async () => {
    const world = await published({ meta: { mine: 1, both: 1 } })
    await world.editHere({ title: 'Ours', body: body('A', 'b', 'c') })
    await world.editThere({ title: 'Theirs', body: body('a', 'b', 'C') })
    await world.pull()
    return world
  }

  it.each(['ours', 'theirs'] as const)('about one field loses no edit of another: resolved with %s', async (side) => {
    const world = await both()
    const [conflict] = await world.open()
    expect(conflict?.fields.map(({ field }) => field)).toEqual(['title'])
    await world.account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { title: side } })
    const title = side === 'ours' ? 'Ours' : 'Theirs'
    expect(await world.head()).toMatchObject({
      title,
      body: body('A', 'b', 'C'),
      pendingChanges: true,
      approvedHash: null,
    })
    await world.account.content.approve(world.contentId)
    await world.run()
    expect(world.remote()).toMatchObject({ title, body: body('A', 'b', 'C') })
  })

  it('about a key of meta is resolved for that key', async () => {
    const world = await published({ meta: { mine: 1, both: 1 } })
    await world.editHere({ meta: { mine: 2, both: 2 } })
    await world.editThere({ meta: { mine: 1, both: 3 } })
    await world.pull()
    const [conflict] = await world.open()
    expect(conflict?.fields).toEqual([{ field: 'meta.both', base: 1, ours: 2, theirs: 3 }])
    await world.account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { 'meta.both': 'theirs' } })
    expect(await world.head()).toMatchObject({ meta: { mine: 2, both: 3 }, pendingChanges: true })
  })

  it('stays one while either side moves on, and is decided only as it stands', async () => {
    const world = await both()
    const [first] = await world.open()
    await world.editThere({ title: 'Theirs again', excerpt: 'more' })
    const resolve = (title: 'ours' | 'theirs') =>
      world.account.conflicts.resolve({ conflictId: first?.id ?? '', fields: { title } })
    await expect(resolve('theirs')).rejects.toMatchObject({ code: 'VERSION_CONFLICT' })
    expect(await world.open()).toMatchObject([{ id: first?.id, fields: [{ theirs: 'Theirs again' }] }])
    await world.editHere({ title: 'Ours again' })
    await expect(resolve('theirs')).rejects.toMatchObject({ code: 'VERSION_CONFLICT' })
    expect(await world.open()).toMatchObject([{ id: first?.id, fields: [{ ours: 'Ours again' }] }])
    await world.editThere({ title: 'Theirs at last' })
    await world.pull()
    expect(await world.open()).toMatchObject([{ id: first?.id, fields: [{ theirs: 'Theirs at last' }] }])
    await resolve('ours')
    expect(await world.head()).toMatchObject({ title: 'Ours again', excerpt: 'more', body: body('A', 'b', 'C') })
  })

  it.each(['here', 'there'] as const)('ends by itself when the edit is taken back %s', async (side) => {
    const world = await both()
    if (side === 'here') await world.editHere({ title: 'Title' })
    else await world.editThere({ title: 'Title' })
    await world.pull()
    expect(await world.open()).toEqual([])
    expect(await world.head()).toMatchObject({
      title: side === 'here' ? 'Theirs' : 'Ours',
      body: body('A', 'b', 'C'),
    })
    expect(world.events.filter(({ type }) => type === 'conflict.resolved')).toHaveLength(1)
  })

  it('ends by itself when all that they changed is taken back', async () => {
    const world = await both()
    await world.editThere({ title: 'Title', body: body('a', 'b', 'c') })
    await world.pull()
    expect(await world.open()).toEqual([])
    await world.run()
    expect(world.remote()).toMatchObject({ title: 'Ours', body: body('A', 'b', 'c') })
  })

  it('of an edit with the trash lets the edit survive, and ends when the site restores the item', async () => {
    const world = await published()
    await world.editHere({ title: 'Ours' })
    await world.setThere('trash', 'trashed')
    await world.pull()
    expect(await world.open()).toMatchObject([{ fields: [{ field: 'status', ours: 'edited', theirs: 'trashed' }] }])
    expect(await world.head()).toMatchObject({ title: 'Ours', removedAt: null })
    await world.setThere('publish', 'published')
    await world.run()
    expect(await world.open()).toEqual([])
    expect(world.remote()?.title).toBe('Ours')
  })

  it.each([
    ['ours', null],
    ['theirs', expect.any(Date)],
  ] as const)('of an edit with the trash is decided for %s', async (status, removedAt) => {
    const world = await published()
    await world.editHere({ title: 'Ours' })
    await world.setThere('trash', 'trashed')
    await world.pull()
    const [conflict] = await world.open()
    await world.account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { status } })
    expect(await world.head()).toMatchObject({ title: 'Ours', removedAt })
    await world.pull()
    expect(await world.open()).toEqual([])
  })

  it('is about what a push overwrote, also where somebody edited again before the push could look', async () => {
    const world = await published()
    await world.editHere({ body: body('ours') })
    const edit = (fields: { readonly body?: string; readonly title?: string }) => {
      const [externalId = ''] = world.platform.items.keys()
      world.platform.edit(externalId, fields)
    }
    world.platform.interfere.before = (call) => {
      if (call === 'content.update') edit({ body: body('overwritten') })
      if (call === 'content.latestRevision') edit({ title: 'Edited again' })
    }
    await world.account.content.publish(world.contentId)
    world.platform.interfere = {}
    expect((await world.open())[0]?.fields).toMatchObject([{ field: 'body', theirs: body('overwritten') }])
  })

  it('about what a push overwrote keeps that text, whatever either side does meanwhile', async () => {
    const world = await published()
    await world.editHere({ body: body('ours') })
    let left = 1
    world.platform.interfere.before = (call) => {
      if (call === 'content.update' && left-- > 0) {
        const [externalId = ''] = world.platform.items.keys()
        world.platform.edit(externalId, { body: body('overwritten') })
      }
    }
    await world.account.content.publish(world.contentId)
    world.platform.interfere = {}
    const [conflict] = await world.open()
    expect(conflict?.fields).toMatchObject([{ field: 'body', theirs: body('overwritten') }])
    await world.editThere({ excerpt: 'clean' })
    await world.pull()
    expect(await world.open()).toMatchObject([{ id: conflict?.id, fields: [{ theirs: body('overwritten') }] }])
    await world.editThere({ body: body('ours', 'more'), title: 'Later' })
    await world.editHere({ title: 'Mine' })
    await world.pull()
    expect(await world.open()).toMatchObject([{ id: conflict?.id, fields: [{ theirs: body('overwritten') }] }])
    const decide = () => world.account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { body: 'theirs' } })
    await expect(decide()).rejects.toMatchObject({ code: 'VERSION_CONFLICT' })
    await decide()
    expect(await world.head()).toMatchObject({ body: body('overwritten'), title: 'Mine', pendingChanges: true })
    await world.pull()
    expect((await world.open())[0]?.fields.map(({ field }) => field)).toEqual(expect.arrayContaining(['title']))
  })

  it('pauses an item whose field two writers keep turning back', async () => {
    const world = await published({ title: 'A' })
    let turns = 0
    for (; turns < 10 && (await world.open()).length === 0; turns++) {
      await world.editThere({ title: 'B' })
      await world.run()
      if ((await world.head()).title !== 'B') break
      await world.editHere({ title: 'A' })
      await world.run()
    }
    expect(turns).toBeLessThan(5)
    expect(await world.open()).toMatchObject([{ fields: [{ field: 'title', ours: 'A', theirs: 'B' }] }])
    await world.clock.advance(2 * 3_600_000)
    await world.pull()
    const [conflict] = await world.open()
    await world.account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { title: 'ours' } })
    expect(await world.head()).toMatchObject({ title: 'A', pendingChanges: true })
  })
})
