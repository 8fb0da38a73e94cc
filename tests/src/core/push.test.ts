import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform, tinyPng } from './connected-account.ts'

const lost = () => new Igny8Error({ code: 'CONNECTION_FAILED', message: 'reset', effect: 'unknown', retryable: true })

describe('push', () => {
  it('creates under the marker, then gives slug and status, and links both bases', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world, { slug: 'my-slug' })
    const { content: published, outcomes } = await world.account.content.publish(content.id)
    expect(outcomes).toMatchObject([{ ok: true, action: 'created', remoteStatus: 'publish', differences: [] }])
    expect(published).toMatchObject({ status: 'published', slug: 'my-slug', pendingChanges: false })
    expect([...world.platform.items.values()].map((item) => [item.fields.slug, item.status])).toEqual([
      ['my-slug', 'publish'],
    ])
    expect((await world.account.sync.events({ contentId: content.id })).items).toMatchObject([
      { eventType: 'content_push', status: 'success', direction: 'outbound' },
    ])
  })

  it('is told by the placements of the content: where it stands, under which id', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world, { slug: 'my-slug' })
    expect(await world.account.content.placements(content.id)).toEqual([])
    const { outcomes } = await world.account.content.publish(content.id)
    const [outcome] = outcomes
    const placements = await world.account.content.placements(content.id)
    expect(placements).toMatchObject([
      { integrationId: world.integration.id, externalType: 'post', remoteStatus: 'publish', deletedAt: null },
    ])
    expect(outcome).toMatchObject({ externalId: placements[0]?.externalId, url: placements[0]?.url })
    await expect(world.account.content.placements('unknown')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('refuses what was not approved, and what was edited since', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    await world.account.content.update({ contentId: content.id, version: content.version, changes: { title: 'Later' } })
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ code: 'NOT_APPROVED' })
    expect(world.platform.items.size).toBe(0)
  })

  it('throws what the only site answers, and the next run sends what is still approved', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    world.platform.interfere.before = (call) => {
      if (call === 'content.create') throw new Igny8Error({ code: 'REMOTE_REJECTED', message: 'no' })
    }
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ code: 'REMOTE_REJECTED' })
    world.platform.interfere = {}
    await world.account.sync.run({ integrationId: world.integration.id })
    expect(await world.account.content.get(content.id)).toMatchObject({ status: 'published' })
  })

  it('makes one item when the answer to the create is lost', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    let failed = false
    world.platform.interfere.after = (call) => {
      if (call !== 'content.create' || failed) return
      failed = true
      throw lost()
    }
    await world.account.content.publish(content.id)
    expect(world.platform.items.size).toBe(1)
    expect(failed).toBe(true)
  })

  it('does not create again before the settle time, when nothing is found', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    world.platform.interfere.before = (call) => {
      if (call === 'content.create') throw lost()
    }
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ effect: 'unknown' })
    world.platform.interfere = {}
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      retryAfterMs: expect.any(Number),
    })
    expect(world.platform.items.size).toBe(0)
    await world.clock.advance(46_000)
    await world.account.content.publish(content.id)
    expect(world.platform.items.size).toBe(1)
  })

  it('sends only what changed, and writes nothing where nothing did', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    const { content: published } = await world.account.content.publish(content.id)
    expect((await world.account.sync.push({ contentId: content.id }))[0]).toMatchObject({ action: 'unchanged' })
    const edited = await world.account.content.update({
      contentId: content.id,
      version: published.version,
      changes: { excerpt: 'New' },
    })
    expect(edited).toMatchObject({ status: 'published', pendingChanges: true })
    await world.account.content.approve(content.id)
    await world.account.sync.run({ integrationId: world.integration.id })
    expect([...world.platform.items.values()][0]?.fields).toMatchObject({ excerpt: 'New', title: 'Title' })
    expect(await world.account.content.get(content.id)).toMatchObject({ pendingChanges: false })
  })

  it('takes an edit of the site before it writes', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    const { content: published } = await world.account.content.publish(content.id)
    await world.clock.advance(5_000)
    const [externalId = ''] = world.platform.items.keys()
    world.platform.edit(externalId, { title: 'Theirs' })
    await world.account.content.update({
      contentId: content.id,
      version: published.version,
      changes: { excerpt: 'Ours' },
    })
    await world.account.content.approve(content.id)
    await world.account.content.publish(content.id)
    expect(world.platform.items.get(externalId)?.fields).toMatchObject({ title: 'Theirs', excerpt: 'Ours' })
    expect(await world.account.content.get(content.id)).toMatchObject({ title: 'Theirs', excerpt: 'Ours' })
  })

  it.each([
    ['its write had to wait', 'content.update'],
    ['taking over what was edited there took long', 'taxonomies.list'],
  ])('looks at the item again where %s, so that it writes over nothing unseen', async (_why, slow) => {
    const world = await connectToFakePlatform()
    const { account, clock, platform } = world
    const content = await approvedContent(world, { slug: 'first' })
    const { content: published } = await account.content.publish(content.id)
    const [externalId = ''] = platform.items.keys()
    await account.content.update({ contentId: content.id, version: published.version, changes: { slug: 'ours' } })
    await account.content.approve(content.id)
    const news = { name: 'News', slug: 'news', description: '', parentExternalId: null }
    platform.terms.set('77', { ...news, type: 'category', externalId: '77' })
    platform.edit(externalId, { terms: { category: ['77'] } })
    platform.interfere.before = async (call) => {
      if (call !== slow) return
      platform.interfere = {}
      await clock.advance(20_000)
      platform.edit(externalId, { slug: 'theirs' })
    }
    await expect(account.content.publish(content.id)).rejects.toMatchObject({ code: 'CONFLICT_OPEN' })
    expect(platform.items.get(externalId)?.fields.slug).toBe('theirs')
    const { items } = await world.storage.forAccount('acct').conflicts.list({ limit: 10 })
    expect(items).toMatchObject([{ fields: [{ field: 'slug', base: 'first', ours: 'ours', theirs: 'theirs' }] }])
  })

  it('writes at last where the site is slower than that each time', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world, { slug: 'final' })
    world.platform.interfere.before = async (call) => {
      if (call === 'content.update') await world.clock.advance(20_000)
    }
    const { outcomes } = await world.account.content.publish(content.id)
    expect(outcomes).toMatchObject([{ ok: true, action: 'created', remoteStatus: 'publish', differences: [] }])
    expect(world.platform.calls.filter((call) => call === 'content.get')).toHaveLength(3)
    expect(world.platform.calls.filter((call) => call === 'content.create')).toHaveLength(1)
  })

  it('stops at a conflict and keeps all three values', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    const { content: published } = await world.account.content.publish(content.id)
    await world.clock.advance(5_000)
    const [externalId = ''] = world.platform.items.keys()
    world.platform.edit(externalId, { title: 'Theirs' })
    await world.account.content.update({
      contentId: content.id,
      version: published.version,
      changes: { title: 'Ours' },
    })
    await world.account.content.approve(content.id)
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ code: 'CONFLICT_OPEN' })
    const conflicts = await world.storage.forAccount('acct').conflicts.list({ limit: 10 })
    expect(conflicts.items).toMatchObject([
      { status: 'open', fields: [{ field: 'title', base: 'Title', ours: 'Ours', theirs: 'Theirs' }] },
    ])
    expect(world.platform.items.get(externalId)?.fields.title).toBe('Theirs')
  })

  it.each([
    ['ours', 'Ours', true],
    ['theirs', 'Theirs', false],
  ] as const)('goes on once a conflict is resolved with %s', async (side, title, pending) => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    const { content: published } = await world.account.content.publish(content.id)
    await world.clock.advance(5_000)
    const [externalId = ''] = world.platform.items.keys()
    world.platform.edit(externalId, { title: 'Theirs', excerpt: 'only theirs' })
    await world.account.content.update({
      contentId: content.id,
      version: published.version,
      changes: { title: 'Ours' },
    })
    expect((await world.account.sync.pull({ integrationId: world.integration.id })).counts.conflicts).toBe(1)
    const [conflict] = (await world.account.conflicts.list({ status: 'open' })).items
    await expect(world.account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: {} })).rejects.toMatchObject(
      { code: 'INVALID_INPUT', hint: 'Decide exactly these: title.' },
    )
    expect(
      await world.account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { title: side } }),
    ).toMatchObject({ status: 'resolved' })
    expect(await world.account.content.get(content.id)).toMatchObject({
      title,
      excerpt: 'only theirs',
      pendingChanges: pending,
    })
    await world.account.content.approve(content.id)
    await world.account.sync.run({ integrationId: world.integration.id })
    expect(world.platform.items.get(externalId)?.fields).toMatchObject({ title, excerpt: 'only theirs' })
  })

  it('uploads an image once, however many contents use it', async () => {
    const world = await connectToFakePlatform()
    const png = tinyPng()
    const image = await world.account.images.create({ siteId: world.site.id, bytes: png, alt: 'Alt' })
    const twin = await world.account.images.create({ siteId: world.site.id, bytes: png })
    for (const featuredImageId of [image.id, image.id, twin.id])
      await world.account.content.publish((await approvedContent(world, { featuredImageId })).id)
    expect(world.platform.media.size).toBe(1)
    expect([...world.platform.items.values()].every((item) => item.fields.featuredMediaId !== null)).toBe(true)
  })

  it('creates the category tree parents first and adopts what stands', async () => {
    const world = await connectToFakePlatform()
    const parent = await world.account.taxonomies.create({ siteId: world.site.id, type: 'category', name: 'Parent' })
    const child = await world.account.taxonomies.create({
      siteId: world.site.id,
      type: 'category',
      name: 'Child',
      parentId: parent.id,
    })
    await world.account.content.publish((await approvedContent(world, { taxonomyIds: [child.id] })).id)
    const [first, second] = [...world.platform.terms.values()]
    expect([first?.name, second?.name, second?.parentExternalId]).toEqual(['Parent', 'Child', first?.externalId])
  })

  it('takes a term that stands already for the one that is meant, whatever its case', async () => {
    const world = await connectToFakePlatform()
    const given = { siteId: world.site.id, type: 'category', name: 'R&D' }
    const first = await world.account.taxonomies.create(given)
    expect(await world.account.taxonomies.create({ ...given, name: 'r&d' })).toEqual(first)
    const below = await world.account.taxonomies.create({ ...given, parentId: first.id })
    expect(below.id).not.toBe(first.id)
    await world.account.taxonomies.remove(below.id)
    expect((await world.account.taxonomies.create({ ...given, parentId: first.id })).id).not.toBe(below.id)
  })

  it('logs a failure with its reason and leaves the content pushable', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    world.platform.interfere.before = (call) => {
      if (call === 'content.create') throw new Igny8Error({ code: 'REMOTE_REJECTED', message: 'no', hint: 'fix' })
    }
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ code: 'REMOTE_REJECTED' })
    expect((await world.account.sync.events({ status: 'failed' })).items).toMatchObject([
      { errorCode: 'REMOTE_REJECTED', metadata: { hint: 'fix' } },
    ])
    world.platform.interfere = {}
    expect((await world.account.content.publish(content.id)).content.status).toBe('published')
  })
})

describe('leases', () => {
  it('refuse the write of a worker whose lease was taken over', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    const { leases } = world.storage.forAccount('acct')
    let taken: Promise<unknown> | undefined
    world.platform.interfere.after = (call) => {
      if (call !== 'content.update') return
      const later = new Date(world.clock.now().getTime() + 61_000)
      taken = leases.acquire({
        key: `push:${world.integration.id}:${content.id}`,
        owner: 'thief',
        now: later,
        ttlMs: 600_000,
      })
    }
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await taken).toBeDefined()
    expect(await world.account.content.get(content.id)).toMatchObject({ status: 'approved' })
  })
})
