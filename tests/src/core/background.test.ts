import { createIgny8, type DomainEvent, type Igny8Options } from '@igny8/core'
import { createFakeClock, createFakePlatform, createScriptedProvider, createSeededRandom } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it, vi } from 'vitest'
import { connectToFakePlatform, startWithFakePlatform, writeOnSite } from './connected-account.ts'

type World = Awaited<ReturnType<typeof connectToFakePlatform>>

/** A second process on the same storage. */
function secondProcess(world: World) {
  return createIgny8({
    storage: world.storage,
    platforms: [world.platform.adapter],
    encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
    clock: world.clock,
    random: createSeededRandom(2),
  })
}

const runOf = async (world: World, runId: string) =>
  (await world.account.sync.runs({ integrationId: world.integration.id })).items.find((run) => run.id === runId)

describe('a sync in the background', () => {
  it('is stored before its id is returned, and worked', async () => {
    const world = await connectToFakePlatform()
    await writeOnSite(world, 'Post')
    const { runId } = await world.account.sync.start({ integrationId: world.integration.id, actor: 'alice' })
    expect(await runOf(world, runId)).toMatchObject({ status: 'running', actor: 'alice', kind: 'sync' })
    await vi.waitFor(async () => expect(await runOf(world, runId)).toMatchObject({ status: 'completed' }))
    expect((await world.account.content.list()).count).toBe(1)
  })

  it('is refused while another is under way or waits', async () => {
    const world = await connectToFakePlatform()
    const starts = await Promise.allSettled(
      [1, 2].map(() => world.account.sync.start({ integrationId: world.integration.id })),
    )
    expect(starts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(starts[1]).toMatchObject({ reason: { code: 'SYNC_RUNNING', retryable: true } })
  })

  it('is refused where nobody would ever work it', async () => {
    const world = await connectToFakePlatform()
    const account = secondProcess(world).forAccount('acct')
    await expect(account.sync.start({ integrationId: world.integration.id })).rejects.toMatchObject({
      code: 'NOT_STARTED',
    })
    expect((await account.sync.runs({ integrationId: world.integration.id })).items).toEqual([])
  })

  it('is refused once this instance was stopped', async () => {
    const world = await connectToFakePlatform()
    await world.igny8.stop()
    await expect(world.account.sync.start({ integrationId: world.integration.id })).rejects.toMatchObject({
      code: 'NOT_STARTED',
    })
    expect((await world.account.sync.runs({ integrationId: world.integration.id })).items).toEqual([])
  })

  it('is taken up by another process where the first one dies before it began', async () => {
    const world = await connectToFakePlatform()
    await writeOnSite(world, 'Post')
    // The first process takes the word and dies with it.
    await world.igny8.stop()
    const stores = world.storage.forAccount('acct')
    const done = await connectToFakePlatform()
    await done.account.sync.pull({ integrationId: done.integration.id })
    const [template] = (await done.account.sync.runs({ integrationId: done.integration.id })).items
    if (template === undefined) throw new Error('no run')
    const now = world.clock.now()
    const waiting = {
      ...template,
      id: 'waiting',
      integrationId: world.integration.id,
      kind: 'sync',
      status: 'running',
    } as const
    await stores.runs.insert({ ...waiting, phase: 'waiting', finishedAt: null, heartbeatAt: now })
    await world.clock.advance(121_000)
    const second = secondProcess(world)
    await second.start()
    await vi.waitFor(async () => expect(await stores.runs.get('waiting')).toMatchObject({ status: 'completed' }))
    expect((await world.account.content.list()).count).toBe(1)
    await second.stop()
  })

  it('ends with the reason where its site was switched off meanwhile', async () => {
    const world = await connectToFakePlatform()
    const { runId } = await world.account.sync.start({ integrationId: world.integration.id })
    await world.account.connections.update({ integrationId: world.integration.id, changes: { isActive: false } })
    await vi.waitFor(async () => expect((await runOf(world, runId))?.status).not.toBe('running'))
    const run = await runOf(world, runId)
    expect(run?.status === 'completed' || run?.errorCode === 'INTEGRATION_INACTIVE').toBe(true)
  })
})

describe('committed events', () => {
  it('reach a listener once and in order, however many commits ask for it at once', async () => {
    const world = await connectToFakePlatform()
    const heard: string[] = []
    world.igny8.onEvent(async (event) => {
      await Promise.resolve()
      heard.push(event.id)
    })
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        world.account.content.create({ siteId: world.site.id, type: 'post', title: `T${index}` }),
      ),
    )
    await world.igny8.runDue()
    expect(heard).toHaveLength(20)
    expect(heard).toEqual([...heard].sort())
  })

  it('wait for a first listener, but not for ever', async () => {
    const clock = createFakeClock()
    const platform = createFakePlatform({ clock })
    const options: Igny8Options = {
      storage: createMemoryStorage(),
      platforms: [platform.adapter],
      encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
      clock,
      random: createSeededRandom(1),
    }
    const igny8 = createIgny8(options)
    await igny8.start()
    const connect = () =>
      igny8.forAccount(`acct-${clock.now().getTime()}`).connections.connect({
        platform: 'fake',
        url: platform.url,
        ...platform.credentials,
      })
    const { integration } = await connect()
    const { connections } = igny8.forAccount(integration.accountId)
    await connections.update({ integrationId: integration.id, changes: { syncEnabled: false } })
    await clock.advance(8 * 24 * 3_600_000)
    await connect()
    expect(await igny8.runDue()).toMatchObject({ eventsDelivered: 0 })
    const heard: DomainEvent[] = []
    igny8.onEvent((event) => void heard.push(event))
    expect(await igny8.runDue()).toMatchObject({ eventsDelivered: 1 })
    expect(heard).toMatchObject([{ type: 'integration.connected', createdAt: clock.now() }])
    await igny8.stop()
  })
})

describe('the options of createIgny8', () => {
  it.each([
    ['storage', {}],
    ['platforms', { storage: createMemoryStorage() }],
    ['encryption.keys', { storage: createMemoryStorage(), platforms: [] }],
    ['platforms', { storage: createMemoryStorage(), platforms: [createFakePlatform], encryption: { keys: [] } }],
    [
      'providers',
      { storage: createMemoryStorage(), platforms: [], providers: [createScriptedProvider], encryption: { keys: [] } },
    ],
    ['outbond', { storage: createMemoryStorage(), platforms: [], encryption: { keys: [] }, outbond: {} }],
  ])('are checked at once: %s', (field, options) => {
    expect(() => createIgny8(options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', hint: expect.any(String), details: { field } }),
    )
  })

  it('take one adapter for each platform', async () => {
    const { platform, storage } = await startWithFakePlatform()
    const encryption = { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] }
    expect(() => createIgny8({ storage, platforms: [platform.adapter, platform.adapter], encryption })).toThrow(
      'two adapters for "fake"',
    )
  })
})
