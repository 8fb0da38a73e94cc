import { describe, expect, it, vi } from 'vitest'
import { approvedContent, writeOnSite } from './connected-account.ts'
import {
  dirtyOf,
  secondProcess,
  settled,
  tell,
  tellUnsigned,
  titles,
  webhookEvents,
  withWebhooks,
  wrapGetMany,
} from './tell-webhook.ts'

describe('a webhook', () => {
  it('brings a new post, an edit and a change of status, and says so', async () => {
    const world = await withWebhooks()
    const externalId = await writeOnSite(world, 'Old', 'draft')
    expect(await tell(world, externalId, { action: 'post_created' })).toEqual({ status: 202 })
    await settled(world)
    expect((await world.account.content.list()).items).toMatchObject([{ title: 'Old', status: 'draft' }])
    await world.clock.advance(60_000)
    world.platform.edit(externalId, { title: 'New' })
    Object.assign(world.platform.items.get(externalId) ?? {}, { status: 'publish', state: 'published' })
    await tell(world, Number(externalId), { action: 'status_changed' })
    await settled(world)
    expect((await world.account.content.list()).items).toMatchObject([{ title: 'New', status: 'published' }])
    expect(await webhookEvents(world)).toMatchObject([
      { status: 'success', direction: 'inbound', contentType: 'post', externalId, metadata: { outcome: 'updated' } },
      { status: 'success', actor: 'webhook', contentId: expect.any(String), metadata: { outcome: 'created' } },
    ])
  })

  it.each([
    ['post', 1],
    ['page', 2],
    ['no_such_type', 1],
    ['category', 1],
  ])('that says %s only says where to look first', async (postType, requests) => {
    const world = await withWebhooks()
    const externalId = await writeOnSite(world, 'Post')
    world.platform.calls.length = 0
    await tell(world, externalId, { post_type: postType })
    await settled(world)
    expect((await world.account.content.list()).items).toMatchObject([{ title: 'Post', type: 'post' }])
    expect(world.platform.calls.filter((call) => call === 'pull.getMany')).toHaveLength(requests)
  })

  it('about a type that is not synced, or about nothing, changes nothing and is not looked for elsewhere', async () => {
    const world = await withWebhooks()
    const integrationId = world.integration.id
    const linked = await writeOnSite(world, 'Linked')
    await world.account.sync.pull({ integrationId })
    await world.account.connections.update({ integrationId, changes: { config: { syncedTypes: ['page'] } } })
    await world.clock.advance(60_000)
    world.platform.edit(linked, { title: 'Linked, edited' })
    for (const externalId of [linked, await writeOnSite(world, 'Post'), 4711]) {
      world.platform.calls.length = 0
      await tell(world, externalId)
      await settled(world)
      expect(world.platform.calls).toEqual(['pull.getMany'])
    }
    expect(await titles(world)).toEqual(['Linked'])
    expect(await webhookEvents(world)).toEqual([])
  })

  it('told many times, out of order and after the fact leads to what the site holds', async () => {
    const world = await withWebhooks()
    const [kept, trashed] = [await writeOnSite(world, 'Kept'), await writeOnSite(world, 'Trashed')]
    await world.account.sync.pull({ integrationId: world.integration.id })
    await world.clock.advance(60_000)
    world.platform.edit(kept, { title: 'Kept, edited' })
    Object.assign(world.platform.items.get(trashed) ?? {}, { status: 'trash', state: 'trashed' })
    const told = [
      [trashed, 'post_deleted'],
      [kept, 'post_deleted'],
      [kept, 'post_updated'],
      [trashed, 'post_updated'],
      [trashed, 'post_created'],
      [kept, 'post_created'],
    ] as const
    for (const [externalId, action] of told) {
      const id = `msg_twice_${externalId}_${action}`
      expect(await tell(world, externalId, { action, id })).toEqual({ status: 202 })
      expect(await tell(world, externalId, { action, id })).toEqual({ status: 202 })
    }
    await settled(world)
    expect(await titles(world)).toEqual(['Kept, edited'])
    expect((await world.account.content.list({ includeRemoved: true })).count).toBe(2)
  })

  it('reads a hundred posts in a few requests', async () => {
    const world = await withWebhooks()
    const ids: string[] = []
    for (let n = 0; n < 100; n++) ids.push(await writeOnSite(world, `Post-${n}`))
    await world.igny8.stop()
    const cron = secondProcess(world)
    for (const externalId of ids) await tell({ ...world, igny8: cron }, externalId)
    world.platform.calls.length = 0
    await cron.runDue()
    expect((await world.account.content.list()).count).toBe(100)
    expect(world.platform.calls).toEqual(['pull.getMany', 'pull.getMany'])
  })

  it('is worked by the workers where there are any: a sweep does not wait for the site', async () => {
    const world = await withWebhooks()
    const externalId = await writeOnSite(world, 'Post')
    await tell({ ...world, igny8: secondProcess(world) }, externalId)
    const site = Promise.withResolvers<void>()
    wrapGetMany(world, async (getMany, input) => {
      await site.promise
      return getMany(input)
    })
    expect(await world.igny8.runDue()).toMatchObject({ integrationsHinted: 1 })
    expect(await titles(world)).toEqual([])
    site.resolve()
    await settled(world)
    expect(await titles(world)).toEqual(['Post'])
  })

  it('touches only the account whose secret signed it', async () => {
    const world = await withWebhooks()
    const other = world.igny8.forAccount('other')
    const credentials = { ...world.platform.credentials, platform: 'fake', url: world.platform.url }
    const { integration } = await other.connections.connect(credentials)
    const { secret } = await other.connections.createWebhookSecret({ integrationId: integration.id })
    const externalId = await writeOnSite(world, 'Post')
    expect(await tell(world, externalId, { secret })).toEqual({ status: 202 })
    await vi.waitFor(async () => expect((await other.content.list()).count).toBe(1))
    expect(await titles(world)).toEqual([])
    expect(await dirtyOf(world)).toEqual([])
  })

  it('that is forged changes nothing, and is answered as one about a site that nobody has', async () => {
    const world = await withWebhooks()
    const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
    const forged = await tell(world, await writeOnSite(world, 'Post'), { secret })
    const elsewhere = { ...world, platform: { ...world.platform, url: 'https://nobody.example' } }
    expect(forged).toEqual({ status: 401 })
    expect(await tell(elsewhere, 1)).toEqual(forged)
    expect(await dirtyOf(world)).toEqual([])
  })

  it('of our own write creates nothing and takes nothing back', async () => {
    const world = await withWebhooks()
    const content = await approvedContent(world)
    const told: Promise<unknown>[] = []
    world.platform.interfere.after = (call) => {
      if (!call.startsWith('content.create') && !call.startsWith('content.update')) return
      for (const externalId of world.platform.items.keys()) told.push(tell(world, externalId))
    }
    await world.account.content.publish(content.id)
    world.platform.interfere = {}
    await Promise.all(told)
    expect(told.length).toBeGreaterThan(1)
    await world.igny8.runDue()
    await vi.waitFor(async () => {
      await world.clock.advance(15_000)
      expect(await dirtyOf(world)).toEqual([])
    })
    expect((await world.account.content.list()).items).toMatchObject([
      { id: content.id, title: 'Title', status: 'published', pendingChanges: false },
    ])
    expect((await world.account.conflicts.list({ status: 'open' })).items).toEqual([])
    expect(world.platform.items.size).toBe(1)
  })

  it('of a second draft of a create of ours brings nothing here, and is dealt with there', async () => {
    const world = await withWebhooks()
    const content = await approvedContent(world)
    await world.account.content.publish(content.id)
    const { intents } = world.storage.forAccount('acct')
    const [intent] = await intents.listOfIntegration(world.integration.id, 10)
    await tell(world, await writeOnSite(world, intent?.marker ?? '', 'draft'))
    await settled(world)
    expect((await world.account.content.list()).count).toBe(1)
    const { items } = await world.account.sync.events({ contentId: content.id })
    expect(items.map(({ metadata }) => metadata.outcome)).toContain('twin_left')
  })

  it('of a draft that another host has just created is looked at later', async () => {
    const world = await withWebhooks()
    const externalId = await writeOnSite(world, `igny8-${'a'.repeat(32)}`, 'draft')
    await tell(world, externalId)
    await vi.waitFor(async () =>
      expect(await dirtyOf(world)).toMatchObject([{ externalId, retryAt: expect.any(Date) }]),
    )
    expect(await titles(world)).toEqual([])
  })
})

describe('an unsigned webhook', () => {
  it('is heard where the integration allows it, and nothing in it is believed but the id', async () => {
    const world = await withWebhooks()
    const externalId = await writeOnSite(world, 'Post')
    expect(await tellUnsigned(world, externalId)).toEqual({ status: 202 })
    expect(await dirtyOf(world)).toEqual([])
    const changes = { config: { allowUnsignedWebhooks: true } }
    await world.account.connections.update({ integrationId: world.integration.id, changes })
    expect(await tellUnsigned(world, externalId, 'page')).toEqual({ status: 202 })
    await settled(world)
    expect((await world.account.content.list()).items).toMatchObject([{ title: 'Post', type: 'post' }])
    expect(await tellUnsigned({ ...world, platform: { ...world.platform, url: 'https://nobody.example' } }, 1)).toEqual(
      {
        status: 202,
      },
    )
  })
})
