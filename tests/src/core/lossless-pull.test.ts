import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform, pulledSite, writeOnSite } from './connected-account.ts'

type World = Awaited<ReturnType<typeof connectToFakePlatform>>
const dayMs = 24 * 3_600_000

const titles = async (world: Pick<World, 'account'>) =>
  (await world.account.content.list({ limit: 500 })).items.map((content) => content.title).sort()

describe('what no modified time tells', () => {
  it('is found at the next pull when an item was created with a time long past', async () => {
    const world = await pulledSite(3)
    const externalId = await writeOnSite(world, 'Backdated')
    Object.assign(world.platform.items.get(externalId) ?? {}, { modifiedAt: new Date('2019-05-05T05:05:05Z') })
    await world.pull()
    expect(await titles(world)).toContain('Backdated')
  })

  it('is found by the daily sweep when the item has a low id, too', async () => {
    const world = await pulledSite(9, { maxPageSize: 4 })
    const [template] = world.platform.items.values()
    if (template === undefined) throw new Error('no item')
    const fields = { ...template.fields, title: 'Imported', slug: 'imported' }
    const imported = { ...template, externalId: '0.5', fields, modifiedAt: new Date('2019-05-05T05:05:05Z') }
    world.platform.items.set('0.5', imported)
    await world.pull()
    expect(await titles(world)).not.toContain('Imported')
    await world.clock.advance(dayMs)
    await world.pull()
    expect(await titles(world)).toContain('Imported')
  })

  it('is found within two looks an hour apart when terms or meta changed in silence', async () => {
    const world = await pulledSite(3)
    const item = world.platform.items.get(world.ids[1] ?? '')
    if (item !== undefined) item.fields = { ...item.fields, meta: { subtitle: 'silent' } }
    await world.clock.advance(3_700_000)
    await world.pull()
    expect((await world.account.content.list()).items.map((content) => content.meta.subtitle)).toContain('silent')
  })

  it('is found at its time when the site publishes by schedule', async () => {
    const world = await connectToFakePlatform()
    const externalId = await writeOnSite(world, 'Later')
    const item = world.platform.items.get(externalId)
    const due = new Date(world.clock.now().getTime() + 600_000)
    Object.assign(item ?? {}, { status: 'future', state: 'scheduled', publishedAt: due })
    await world.clock.advance(60_000)
    await world.account.sync.pull({ integrationId: world.integration.id })
    expect((await world.account.content.list({ status: 'scheduled' })).count).toBe(1)
    await world.clock.advance(6 * 3_600_000)
    Object.assign(item ?? {}, { status: 'publish', state: 'published' })
    await world.account.sync.pull({ integrationId: world.integration.id })
    expect((await world.account.content.list({ status: 'published' })).count).toBe(1)
  })
})

describe('a deletion', () => {
  it('is believed when the site denies the item on every route: a tombstone, its body kept', async () => {
    const world = await pulledSite(5)
    world.platform.items.delete(world.ids[2] ?? '')
    await world.clock.advance(dayMs)
    expect((await world.pull()).counts.deleted).toBe(1)
    expect(await titles(world)).not.toContain('Post-3')
    const { items } = await world.account.content.list({ includeRemoved: true })
    expect(items.find((content) => content.title === 'Post-3')?.body).toBe('<p>Post-3</p>')
  })

  it('is found by the daily sweep where more items are older than the re-hash takes at once', async () => {
    const world = await pulledSite(203)
    await world.clock.advance(dayMs)
    world.platform.items.delete(world.ids.at(-1) ?? '')
    expect((await world.pull()).counts.deleted).toBe(1)
    expect(await titles(world)).not.toContain('Post-203')
  })

  it('is none when the item is of another type now', async () => {
    const world = await pulledSite(5)
    const item = world.platform.items.get(world.ids[2] ?? '')
    Object.assign(item ?? {}, { type: 'page' })
    await world.clock.advance(dayMs)
    expect((await world.pull()).counts.deleted).toBe(0)
    const { items } = await world.account.content.list({ limit: 100 })
    expect(items.filter((content) => content.title === 'Post-3')).toMatchObject([{ type: 'page', removedAt: null }])
  })

  it('is none when the site cannot be asked', async () => {
    const world = await pulledSite(5)
    world.platform.items.delete(world.ids[2] ?? '')
    await world.clock.advance(dayMs)
    world.platform.interfere.before = (call) => {
      if (call === 'content.get') throw new Error('down')
    }
    await expect(world.pull()).rejects.toThrow()
    expect(await titles(world)).toContain('Post-3')
  })

  it('of an item that was edited here is a conflict, and the edit survives', async () => {
    const world = await pulledSite(5)
    const content = (await world.account.content.list({ search: 'Post-3' })).items[0]
    await world.account.content.update({
      contentId: content?.id ?? '',
      version: content?.version ?? 0,
      changes: { body: '<p>mine</p>' },
    })
    world.platform.items.delete(world.ids[2] ?? '')
    await world.clock.advance(dayMs)
    await world.pull()
    expect((await world.account.conflicts.list({ status: 'open' })).items).toMatchObject([
      { fields: [{ field: 'status', ours: 'edited' }] },
    ])
    expect(await world.account.content.get(content?.id ?? '')).toMatchObject({ removedAt: null, body: '<p>mine</p>' })
  })

  it.each(['ours', 'theirs'] as const)(
    'for good of an item that was edited here is decided by a person: %s',
    async (side) => {
      const world = await pulledSite(5)
      const { account, platform, clock } = world
      const content = (await account.content.list({ search: 'Post-3' })).items[0]
      const contentId = content?.id ?? ''
      await account.content.update({ contentId, version: content?.version ?? 0, changes: { title: 'Mine' } })
      platform.items.delete(world.ids[2] ?? '')
      await clock.advance(dayMs)
      await world.pull()
      const [conflict] = (await account.conflicts.list({ status: 'open' })).items
      await account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { status: side } })
      await clock.advance(dayMs)
      await world.pull()
      expect((await account.conflicts.list({ status: 'open' })).count).toBe(0)
      const removedAt = side === 'ours' ? null : expect.any(Date)
      expect(await account.content.get(contentId)).toMatchObject({ removedAt, title: 'Mine' })
      if (side === 'theirs') return
      await account.content.approve(contentId)
      await account.content.publish(contentId)
      expect([...platform.items.values()].map(({ fields }) => fields.title)).toContain('Mine')
    },
  )

  it('that a person decided about is not asked about again', async () => {
    const world = await pulledSite(12)
    const { account, platform } = world
    const trashed = world.ids.slice(0, 4).flatMap((id) => platform.items.get(id) ?? [])
    const fourth = (await account.content.list({ search: 'Post-4' })).items[0]
    const contentId = fourth?.id ?? ''
    await account.content.update({ contentId, version: fourth?.version ?? 0, changes: { title: 'Mine' } })
    for (const item of trashed) platform.trash(item)
    await world.pull()
    const [conflict] = (await account.conflicts.list({ status: 'open' })).items
    await account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { status: 'theirs' } })
    expect(await account.content.get(contentId)).toMatchObject({ removedAt: expect.any(Date) })
  })

  it.each(['for good', 'into the trash'])('of many, %s, stops everything until a person decides', async (how) => {
    const world = await pulledSite(40)
    for (const id of world.ids.slice(0, 6)) {
      const item = world.platform.items.get(id)
      if (how === 'for good') world.platform.items.delete(id)
      else if (item !== undefined) world.platform.trash(item)
    }
    await world.clock.advance(dayMs)
    await expect(world.pull()).rejects.toMatchObject({ code: 'DELETIONS_SUSPECTED' })
    expect((await world.account.content.list()).count).toBeGreaterThanOrEqual(36)
    await expect(world.pull()).rejects.toMatchObject({ code: 'INTEGRATION_PAUSED' })
    expect(world.events.map((event) => event.type)).toContain('integration.paused')
    await world.account.connections.resume({ integrationId: world.integration.id, trustSite: true })
    await world.pull()
    expect((await world.account.content.list()).count).toBe(34)
  })

  it('counts still after somebody has looked into the trash again', async () => {
    const world = await pulledSite(12)
    const inTrash = world.ids.slice(0, 3).flatMap((id) => world.platform.items.get(id) ?? [])
    for (const item of inTrash) world.platform.trash(item)
    await world.pull()
    // The site tells the same of them once more: nothing has changed.
    for (const item of inTrash) item.modifiedAt = world.clock.now()
    await world.clock.advance(60_000)
    await world.pull()
    const fourth = world.platform.items.get(world.ids[3] ?? '')
    if (fourth !== undefined) world.platform.trash(fourth)
    await world.clock.advance(60_000)
    await expect(world.pull()).rejects.toMatchObject({ code: 'DELETIONS_SUSPECTED' })
  })

  it('does not count what was removed here, and went there because of that', async () => {
    const world = await pulledSite(12)
    const { account, platform, clock, integration } = world
    const changes = { config: { deletions: 'trash' } } as const
    await account.connections.update({ integrationId: integration.id, changes })
    const { items } = await account.content.list({ limit: 100 })
    for (const { id } of items.slice(0, 5)) await account.content.remove(id)
    await clock.advance(60_000)
    await account.sync.run({ integrationId: integration.id })
    const left = [...platform.items.values()].filter(({ status }) => status !== 'trash')
    expect(left).toHaveLength(7)
    if (left[0] !== undefined) platform.trash(left[0])
    await clock.advance(60_000)
    expect((await world.pull()).counts.deleted).toBe(1)
  })

  it('of the last of several of a type stops everything, too', async () => {
    const world = await pulledSite(2)
    world.platform.items.clear()
    await world.clock.advance(dayMs)
    await expect(world.pull()).rejects.toMatchObject({ code: 'DELETIONS_SUSPECTED' })
    expect((await world.account.content.list()).count).toBe(1)
  })
})

describe('a site that looks restored from a backup', () => {
  it('stops everything until a person decides', async () => {
    const world = await pulledSite(10)
    for (const item of world.platform.items.values())
      Object.assign(item, { modifiedAt: new Date('2020-01-01T00:00:00Z'), fields: { ...item.fields, title: 'Old' } })
    await world.clock.advance(dayMs)
    await expect(world.pull()).rejects.toMatchObject({ code: 'SITE_RESTORED' })
    expect(await titles(world)).not.toContain('Old')
    await world.account.connections.resume({ integrationId: world.integration.id, trustSite: true })
    await world.pull()
    expect(new Set(await titles(world))).toEqual(new Set(['Old']))
  })
})

describe('a pull beside a push', () => {
  it('leaves an item alone that a push works on, and comes back to it', async () => {
    const world = await pulledSite(3)
    const externalId = world.ids[1] ?? ''
    const [content] = (await world.account.content.list({ search: 'Post-2' })).items
    const { leases } = world.storage.forAccount('acct')
    const key = `push:${world.integration.id}:${content?.id}`
    const lease = await leases.acquire({ key, owner: 'push', now: world.clock.now(), ttlMs: 60_000 })
    world.platform.edit(externalId, { title: 'Edited' })
    await world.pull()
    expect(await titles(world)).not.toContain('Edited')
    if (lease !== undefined) await leases.release(lease)
    await world.clock.advance(3 * 3_600_000)
    await world.pull()
    expect(await titles(world)).toContain('Edited')
  })

  it('does not put back what it read before a push changed it', async () => {
    const world = await pulledSite(3)
    const [content] = (await world.account.content.list({ search: 'Post-2' })).items
    const contentId = content?.id ?? ''
    await world.account.content.update({ contentId, version: content?.version ?? 0, changes: { title: 'New' } })
    await world.account.content.approve(contentId)
    world.platform.edit(world.ids[0] ?? '', { title: 'makes a page' })
    world.platform.edit(world.ids[1] ?? '', { excerpt: 'makes a page' })
    let pushed: Promise<unknown> | undefined
    world.platform.interfere.after = (call) => {
      if (call !== 'pull.getMany' || pushed !== undefined) return
      pushed = (async () => {
        await world.clock.advance(1)
        await world.account.content.publish(contentId)
      })()
    }
    const open = world.platform.adapter.open
    Object.assign(world.platform.adapter, {
      open: (connection: Parameters<typeof open>[0]) => {
        const client = open(connection)
        const getMany: NonNullable<typeof client.pull>['getMany'] = async (input) => {
          const page = await client.pull?.getMany(input)
          await pushed
          if (page === undefined) throw new Error('no pull')
          return page
        }
        return { ...client, pull: client.pull === undefined ? undefined : { ...client.pull, getMany } }
      },
    })
    await world.pull()
    expect(await world.account.content.get(contentId)).toMatchObject({ title: 'New', excerpt: 'makes a page' })
    expect(world.platform.items.get(world.ids[1] ?? '')?.fields).toMatchObject({
      title: 'New',
      excerpt: 'makes a page',
    })
  })

  it('makes no second content of a draft under a marker, ours or another host’s, until that is a day old', async () => {
    const world = await pulledSite(1)
    const content = await approvedContent(world)
    world.platform.interfere = {
      before: (call) => {
        if (call === 'content.findByMarker') throw new Error('down')
      },
      after: (call) => {
        if (call === 'content.create') throw new Error('lost')
      },
    }
    await expect(world.account.content.publish(content.id)).rejects.toThrow()
    world.platform.interfere = {}
    const foreign = await writeOnSite(world, `igny8-${'a'.repeat(32)}`, 'draft')
    await world.pull()
    expect((await world.account.content.list()).count).toBe(2)
    await world.account.content.publish(content.id)
    expect((await world.account.content.list()).count).toBe(2)
    await world.clock.advance(dayMs + 3_600_000)
    await world.pull()
    expect((await world.account.content.list()).count).toBe(3)
    expect(world.platform.items.get(foreign)?.status).toBe('draft')
  })

  it('trashes the draft of a create of ours that arrives late', async () => {
    const world = await pulledSite(1)
    const content = await approvedContent(world)
    let late: (() => void) | undefined
    world.platform.interfere.before = (call) => {
      if (call !== 'content.create' || late !== undefined) return
      late = () => undefined
      throw Object.assign(new Error('cut'), { name: 'cut' })
    }
    await expect(world.account.content.publish(content.id)).rejects.toThrow()
    await world.clock.advance(60_000)
    await world.account.content.publish(content.id)
    const published = [...world.platform.items.values()].find((item) => item.fields.title === 'Title')
    if (published === undefined) throw new Error('nothing published')
    const marker = (await world.storage.forAccount('acct').intents.find(world.integration.id, content.id))?.marker ?? ''
    expect(marker).not.toBe('')
    const fields = { ...published.fields, slug: marker }
    world.platform.items.set('777', {
      ...published,
      externalId: '777',
      status: 'draft',
      state: 'draft',
      fields,
      modifiedAt: world.clock.now(),
    })
    await world.clock.advance(60_000)
    await world.pull()
    expect(world.platform.items.get('777')?.status).toBe('trash')
    expect((await world.account.content.list()).count).toBe(2)
  })
})

describe('an interrupted sweep', () => {
  it('goes on where it stood', async () => {
    const world = await pulledSite(23, { maxPageSize: 5 })
    await world.clock.advance(dayMs)
    let pages = 0
    world.platform.interfere.before = (call) => {
      if (call === 'pull.listOutlines' && ++pages === 4) throw new Error('down')
    }
    await expect(world.pull()).rejects.toThrow()
    world.platform.interfere = {}
    world.platform.calls.length = 0
    await world.pull()
    expect(world.platform.calls.filter((call) => call === 'pull.listOutlines').length).toBeLessThan(8)
  })
})
