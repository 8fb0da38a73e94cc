import { inspect } from 'node:util'
import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform, startWithFakePlatform } from './connected-account.ts'

describe('connections', () => {
  it('saves nothing when the test fails', async () => {
    const { account, platform } = await startWithFakePlatform()
    await expect(
      account.connections.connect({ platform: 'fake', url: platform.url, username: 'editor', password: 'wrong' }),
    ).rejects.toMatchObject({ code: 'AUTH_FAILED' })
    expect([(await account.sites.list()).count, (await account.connections.list()).count]).toEqual([0, 0])
  })

  it('refuses the same site twice', async () => {
    const world = await connectToFakePlatform()
    const again = world.account.connections.connect({
      platform: 'fake',
      url: `${world.platform.url}/`,
      ...world.platform.credentials,
    })
    await expect(again).rejects.toMatchObject({
      code: 'SITE_ALREADY_CONNECTED',
      details: { integrationId: world.integration.id },
    })
  })

  it('revives its links when it is removed and connected again', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    await world.account.content.publish(content.id)
    await world.account.connections.remove(world.integration.id)
    await expect(world.account.connections.get(world.integration.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const again = await world.account.connections.connect({
      platform: 'fake',
      url: world.platform.url,
      ...world.platform.credentials,
    })
    expect(again).toMatchObject({ revived: true, integration: { id: world.integration.id, isActive: true } })
    await world.account.sync.pull({ integrationId: again.integration.id })
    expect((await world.account.content.list()).count).toBe(1)
  })

  it('starts anew where another site stands at the address of an old connection', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    await world.account.content.publish(content.id)
    await world.account.connections.remove(world.integration.id)
    const [item] = world.platform.items.values()
    if (item !== undefined) item.fields = { ...item.fields, slug: 'somebody-elses', title: 'Somebody else’s' }
    const again = await world.account.connections.connect({
      platform: 'fake',
      url: world.platform.url,
      ...world.platform.credentials,
    })
    expect(again.revived).toBe(false)
    expect(again.integration.id).not.toBe(world.integration.id)
    expect(again.site.id).not.toBe(world.site.id)
    await world.account.sync.pull({ integrationId: again.integration.id })
    expect(await world.account.content.get(content.id)).toMatchObject({ title: 'Title' })
    expect((await world.account.content.list({ siteId: again.site.id })).items).toMatchObject([
      { title: 'Somebody else’s', origin: 'remote' },
    ])
  })

  it('moves only to the same site', async () => {
    const world = await connectToFakePlatform()
    await world.account.content.publish((await approvedContent(world)).id)
    const items = new Map(world.platform.items)
    world.platform.items.clear()
    await expect(
      world.account.connections.move({ integrationId: world.integration.id, url: 'https://other.example' }),
    ).rejects.toMatchObject({ code: 'SITE_MISMATCH' })
    for (const [id, item] of items) world.platform.items.set(id, item)
    expect(
      await world.account.connections.move({ integrationId: world.integration.id, url: 'https://other.example' }),
    ).toMatchObject({ externalSiteUrl: 'https://other.example' })
  })

  it('keeps the old credential until the new one is proven', async () => {
    const world = await connectToFakePlatform()
    await expect(
      world.account.connections.rotate({ integrationId: world.integration.id, username: 'editor', password: 'wrong' }),
    ).rejects.toMatchObject({ code: 'AUTH_FAILED' })
    expect(await world.account.connections.testConnection({ integrationId: world.integration.id })).toMatchObject({
      ok: true,
    })
  })

  it.each(['CANCELLED', 'STOPPED'])('stays as it is where a test of it ends with %s', async (code) => {
    const world = await connectToFakePlatform()
    const { id: integrationId } = world.integration
    world.platform.interfere.before = () => {
      throw new Igny8Error({ code, message: 'Broken off.' })
    }
    await expect(world.account.connections.testConnection({ integrationId })).rejects.toMatchObject({ code })
    expect(await world.account.connections.get(integrationId)).toMatchObject({ connectionStatus: 'connected' })
  })

  it('stops everything while it is switched off', async () => {
    const world = await connectToFakePlatform()
    await world.account.connections.update({ integrationId: world.integration.id, changes: { isActive: false } })
    await expect(world.account.sync.pull({ integrationId: world.integration.id })).rejects.toMatchObject({
      code: 'INTEGRATION_INACTIVE',
    })
  })
})

describe('bad input', () => {
  it.each([
    ['an unknown field', { siteId: 'x', type: 'post', title: 't', status: 'published' }, 'status'],
    ['no title', { siteId: 'x', type: 'post' }, 'title'],
    ['a slug with spaces', { siteId: 'x', type: 'post', title: 't', slug: 'a b' }, 'slug'],
  ])('names the field at fault: %s', async (_name, input, field) => {
    const { account } = await startWithFakePlatform()
    await expect(account.content.create(input as never)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      hint: expect.any(String),
      details: { field: expect.stringContaining(field) },
    })
  })

  it('never lets a meta key reach a prototype', async () => {
    const world = await connectToFakePlatform()
    const meta = JSON.parse('{"__proto__":{"polluted":1},"constructor":"data"}')
    const content = await world.account.content.create({ siteId: world.site.id, type: 'post', title: 'T', meta })
    expect([
      Object.getPrototypeOf(content.meta),
      Object.keys(content.meta),
      ({} as { polluted?: number }).polluted,
    ]).toEqual([Object.prototype, ['constructor'], undefined])
  })

  it('is a rejection, never thrown before there is a promise', async () => {
    const { account } = await startWithFakePlatform()
    const calls = [
      () => account.content.approve(7 as never),
      () => account.content.get('' as never),
      () => account.content.remove(null as never),
      () => account.connections.get(7 as never),
      () => account.sync.run({} as never),
      () => account.sync.pull({} as never),
      () => account.sync.status(7 as never),
      () => account.sync.health('' as never),
      () => account.sync.push({} as never),
      () => account.sites.get(7 as never),
      () => account.images.get(7 as never),
      () => account.taxonomies.get(7 as never),
      () => account.taxonomies.remove(7 as never),
      () => account.conflicts.get(7 as never),
    ]
    for (const call of calls) {
      let promise: Promise<unknown> | undefined
      expect(() => {
        promise = call()
      }).not.toThrow()
      await expect(promise).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    }
  })

  it('refuses a stale version and writes nothing', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    await expect(
      world.account.content.update({ contentId: content.id, version: 1, changes: { title: 'late' } }),
    ).rejects.toMatchObject({ code: 'VERSION_CONFLICT' })
    expect(await world.account.content.get(content.id)).toMatchObject({ title: 'Title', version: content.version })
  })
})

describe('tenancy', () => {
  it('answers a foreign id exactly as an unknown one', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    const other = world.igny8.forAccount('other')
    const answers = async (contentId: string, integrationId: string) =>
      Promise.all(
        [
          other.content.get(contentId),
          other.content.approve(contentId),
          other.content.publish(contentId),
          other.connections.get(integrationId),
          other.sync.pull({ integrationId }),
          other.sync.status(integrationId),
        ].map((call) => call.catch((error: { code: string; message: string }) => [error.code, error.message])),
      )
    expect(await answers(content.id, world.integration.id)).toEqual(await answers('unknown', 'unknown'))
    expect((await other.sync.events()).count).toBe(0)
  })
})

describe('secrets', () => {
  it('appear in no event, error, log, JSON or inspect output', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    await world.account.content.publish(content.id)
    const error = await world.account.connections
      .rotate({ integrationId: world.integration.id, username: 'editor', password: 'planted-S3CRET' })
      .catch((caught: unknown) => caught)
    const { items } = await world.account.connections.list()
    const shown = [
      error,
      items,
      await world.account.sites.list(),
      await world.account.sync.events(),
      world.events,
      world.account,
      world.igny8,
    ]
    const text = inspect(shown, { depth: 20, showHidden: true }) + JSON.stringify(shown) + JSON.stringify(world.events)
    expect(text).not.toMatch(/fake-password|planted-S3CRET/)
    expect(await world.account.sites.get(world.site.id)).toMatchObject({
      wpApiKey: { isSet: true, fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) },
    })
  })

  it('are re-encrypted under the first key, and readable afterwards', async () => {
    const world = await connectToFakePlatform()
    expect(await world.igny8.rotateKeys()).toMatchObject({ current: 1, rotated: 0 })
  })
})

describe('events', () => {
  it('reach a listener that failed once', async () => {
    const world = await connectToFakePlatform()
    const heard: string[] = []
    let failures = 1
    world.igny8.onEvent((event) => {
      if (failures-- > 0) throw new Error('not now')
      heard.push(event.type)
    })
    await world.account.content.create({ siteId: world.site.id, type: 'post', title: 'T' })
    await world.igny8.runDue()
    await world.igny8.runDue()
    expect(heard).toContain('content.created')
  })
})
