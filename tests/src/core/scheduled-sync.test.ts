import { Igny8Error } from '@igny8/core'
import { describe, expect, it, vi } from 'vitest'
import { approvedContent, connectToFakePlatform, startWithFakePlatform, writeOnSite } from './connected-account.ts'

const minuteMs = 60_000

type World = Awaited<ReturnType<typeof connectToFakePlatform>>

/** Runs that nobody asked for, oldest first. */
async function scheduledRuns({ account, integration }: World) {
  const { items } = await account.sync.runs({ integrationId: integration.id })
  return items.filter(({ trigger }) => trigger === 'schedule').reverse()
}

const nextOf = async ({ account, integration }: World) =>
  (await account.connections.get(integration.id)).nextSyncAt?.getTime() ?? Number.NaN

describe('scheduled sync', () => {
  it('brings a connected site up to date about every hour', async () => {
    const world = await connectToFakePlatform({ scheduled: true })
    await writeOnSite(world, 'Written there')
    await world.clock.advance(50 * minuteMs)
    expect(await scheduledRuns(world)).toEqual([])
    await world.clock.advance(20 * minuteMs)
    await vi.waitFor(async () =>
      expect(await scheduledRuns(world)).toMatchObject([{ status: 'completed', kind: 'sync', counts: { created: 1 } }]),
    )
    await world.clock.advance(120 * minuteMs)
    await vi.waitFor(async () => expect(await scheduledRuns(world)).toHaveLength(3))
  })

  it('runs once, not in a burst, after a time in which nobody looked', async () => {
    const world = await connectToFakePlatform({ scheduled: true, started: false })
    await world.clock.advance(3 * 24 * 60 * minuteMs)
    expect(await world.igny8.runDue()).toMatchObject({ syncsStarted: 1 })
    expect(await world.igny8.runDue()).toMatchObject({ syncsStarted: 0 })
    expect(await scheduledRuns(world)).toMatchObject([{ status: 'completed' }])
  })

  it('is started by one of several processes', async () => {
    const world = await connectToFakePlatform({ scheduled: true, started: false })
    const { igny8: other } = await startWithFakePlatform({ beside: world, started: false })
    await world.clock.advance(70 * minuteMs)
    const reports = await Promise.all([world.igny8.runDue(), other.runDue()])
    expect(reports.map(({ syncsStarted }) => syncsStarted).sort()).toEqual([0, 1])
    expect(await scheduledRuns(world)).toHaveLength(1)
  })

  it('waits in no line: where one has not begun yet none is added, whatever was run by hand since', async () => {
    const world = await connectToFakePlatform({ scheduled: true, started: false })
    const { account, integration, clock } = world
    await account.sync.pull({ integrationId: integration.id })
    const [ended] = (await account.sync.runs({ integrationId: integration.id })).items
    if (ended === undefined) throw new Error('no run')
    await clock.advance(65 * minuteMs)
    const [id, now] = ['waits', clock.now()]
    const waiting = { ...ended, id, kind: 'sync', trigger: 'schedule', status: 'running', phase: 'waiting' } as const
    const { runs } = world.storage.forAccount('acct')
    await runs.insert({ ...waiting, startedAt: now, heartbeatAt: now, finishedAt: null })
    await clock.advance(1_000)
    await account.sync.pull({ integrationId: integration.id })
    await clock.advance(5 * minuteMs)
    await runs.update({ ...waiting, startedAt: now, heartbeatAt: clock.now(), finishedAt: null })
    expect(await world.igny8.runDue()).toMatchObject({ syncsStarted: 0 })
    expect(await nextOf(world)).toBeGreaterThan(clock.now().getTime())
  })

  it('asks a site that fails ever more seldom, and as often as before once it answers', async () => {
    const world = await connectToFakePlatform({ scheduled: true, started: false })
    world.platform.interfere.before = () => {
      throw new Igny8Error({ code: 'CONNECTION_FAILED', message: 'down', effect: 'none', retryable: true })
    }
    const pauses: number[] = []
    for (let round = 0; round < 4; round++) {
      await world.clock.advance((await nextOf(world)) - world.clock.now().getTime())
      await world.igny8.runDue()
      pauses.push(Math.round(((await nextOf(world)) - world.clock.now().getTime()) / (60 * minuteMs)))
    }
    expect(pauses).toEqual([1, 2, 4, 8])
    world.platform.interfere = {}
    await world.account.sync.run({ integrationId: world.integration.id })
    await world.clock.advance((await nextOf(world)) - world.clock.now().getTime())
    await world.igny8.runDue()
    expect(Math.round(((await nextOf(world)) - world.clock.now().getTime()) / (60 * minuteMs))).toBe(1)
  })

  it.each([
    ['switched off', { syncEnabled: false }],
    ['of an integration that is switched off', { isActive: false }],
  ])('that is %s never comes, and comes again once it is on', async (_what, changes) => {
    const world = await connectToFakePlatform({ scheduled: true, started: false })
    const { account, integration, clock, igny8 } = world
    await account.connections.update({ integrationId: integration.id, changes })
    expect((await account.connections.get(integration.id)).nextSyncAt).toBeNull()
    await clock.advance(3 * 60 * minuteMs)
    expect(await igny8.runDue()).toMatchObject({ syncsStarted: 0 })
    await account.connections.update({
      integrationId: integration.id,
      changes: { syncEnabled: true, isActive: true },
    })
    await clock.advance(70 * minuteMs)
    expect(await igny8.runDue()).toMatchObject({ syncsStarted: 1 })
  })

  it('leaves a paused site alone, and looks again at its next time', async () => {
    const world = await connectToFakePlatform({ scheduled: true, started: false })
    const stored = await world.storage.forAccount('acct').integrations.get(world.integration.id)
    if (stored === undefined) throw new Error('The integration is stored.')
    await world.storage
      .forAccount('acct')
      .integrations.update({ ...stored, pausedReason: 'Looks emptied.', version: stored.version + 1 }, stored.version)
    await world.clock.advance(70 * minuteMs)
    expect(await world.igny8.runDue()).toMatchObject({ syncsStarted: 0 })
    await world.account.connections.resume({ integrationId: world.integration.id })
    await world.clock.advance(70 * minuteMs)
    expect(await world.igny8.runDue()).toMatchObject({ syncsStarted: 1 })
  })

  it('follows a cron expression in a zone', async () => {
    const world = await connectToFakePlatform({ scheduled: true, started: false })
    const { account, integration } = world
    const schedule = { cron: '30 2 * * *', timezone: 'America/New_York' }
    await account.connections.update({ integrationId: integration.id, changes: { config: { schedule } } })
    const next = new Date(await nextOf(world))
    const local = next.toLocaleTimeString('en-GB', { timeZone: 'America/New_York', hour: '2-digit', minute: '2-digit' })
    expect(['02:30', '02:31']).toContain(local)
  })

  it('says of a cron expression that is too short what it needs', async () => {
    const { account, integration } = await connectToFakePlatform({ scheduled: true })
    const changes = { config: { schedule: { cron: '@daily', timezone: 'UTC' } } }
    await expect(account.connections.update({ integrationId: integration.id, changes })).rejects.toMatchObject({
      message: expect.stringContaining('needs five fields'),
    })
  })

  it.each([
    [{ cron: 'at noon', timezone: 'UTC' }],
    [{ cron: '30 2 31 2 *', timezone: 'UTC' }],
    [{ cron: '30 2 * * *', timezone: 'Mars/Phobos' }],
    [{ everyMinutes: 1 }],
    [{ everyMinutes: 60, cron: '30 2 * * *' }],
  ])('refuses %j, and keeps the schedule that was', async (schedule) => {
    const { account, integration } = await connectToFakePlatform({ scheduled: true })
    const before = await account.connections.get(integration.id)
    const changes = { config: { schedule } } as never
    await expect(account.connections.update({ integrationId: integration.id, changes })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    expect(await account.connections.get(integration.id)).toEqual(before)
  })
})

describe('a push whose outcome is open', () => {
  it('is taken up by itself once its settle time is over', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    world.platform.interfere.before = (call) => {
      if (call === 'content.create')
        throw new Igny8Error({ code: 'CONNECTION_FAILED', message: 'reset', effect: 'unknown', retryable: true })
    }
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ effect: 'unknown' })
    world.platform.interfere = {}
    await world.clock.advance(40_000)
    expect(world.platform.items.size).toBe(0)
    await world.clock.advance(10_000)
    await vi.waitFor(async () =>
      expect(await world.account.content.get(content.id)).toMatchObject({ status: 'published', pendingChanges: false }),
    )
    expect(world.platform.items.size).toBe(1)
  })
})
