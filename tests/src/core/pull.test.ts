import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { connectToFakePlatform, writeOnSite } from './connected-account.ts'

const lost = () => new Igny8Error({ code: 'CONNECTION_FAILED', message: 'reset', effect: 'unknown', retryable: true })

describe('pull', () => {
  it('brings everything once, in pages that overlap, and nothing again', async () => {
    const world = await connectToFakePlatform({ maxPageSize: 5 })
    for (let n = 0; n < 23; n++) await writeOnSite(world, `Post-${n}`, n % 3 === 0 ? 'draft' : 'published')
    await world.clock.advance(10_000)
    const run = await world.account.sync.pull({ integrationId: world.integration.id })
    expect(run).toMatchObject({ status: 'completed', counts: { created: 23, failed: 0 } })
    expect((await world.account.content.list({ status: 'draft' })).count).toBe(8)
    world.platform.calls.length = 0
    const again = await world.account.sync.pull({ integrationId: world.integration.id })
    expect(again.counts).toMatchObject({ created: 0, updated: 0 })
    expect(world.platform.calls.filter((call) => call === 'pull.getMany')).toEqual([])
  })

  it('goes on where an interrupted first pull stood', async () => {
    const world = await connectToFakePlatform({ maxPageSize: 5 })
    for (let n = 0; n < 12; n++) await writeOnSite(world, `Post-${n}`)
    let pages = 0
    world.platform.interfere.before = (call) => {
      if (call === 'pull.listByExternalId' && ++pages === 3) throw lost()
    }
    await expect(world.account.sync.pull({ integrationId: world.integration.id })).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
    })
    expect(await world.account.sync.status(world.integration.id)).toMatchObject({ status: 'error', error: 'reset' })
    world.platform.interfere = {}
    await world.account.sync.pull({ integrationId: world.integration.id })
    expect((await world.account.content.list()).count).toBe(12)
  })

  it('brings an edit, carries the approval over and keeps the old version', async () => {
    const world = await connectToFakePlatform()
    const externalId = await writeOnSite(world, 'Old')
    await world.account.sync.pull({ integrationId: world.integration.id })
    await world.clock.advance(60_000)
    world.platform.edit(externalId, { title: 'New' })
    const run = await world.account.sync.pull({ integrationId: world.integration.id })
    expect(run.counts.updated).toBe(1)
    const [content] = (await world.account.content.list()).items
    expect(content).toMatchObject({ title: 'New', status: 'published', pendingChanges: false })
    expect((await world.account.content.versions(content?.id ?? '')).items).toMatchObject([{ title: 'Old' }])
  })

  it('leaves a tombstone with the body for what the site put in its trash', async () => {
    const world = await connectToFakePlatform()
    const externalId = await writeOnSite(world, 'Gone')
    await world.account.sync.pull({ integrationId: world.integration.id })
    await world.clock.advance(60_000)
    const item = world.platform.items.get(externalId)
    if (item !== undefined) Object.assign(item, { status: 'trash', state: 'trashed', modifiedAt: world.clock.now() })
    await world.account.sync.pull({ integrationId: world.integration.id })
    expect((await world.account.content.list()).count).toBe(0)
    expect((await world.account.content.list({ includeRemoved: true })).items).toMatchObject([{ body: '<p>Gone</p>' }])
  })

  it.each([
    ['of one second', 0],
    ['in the future, as scheduled posts are', 3 * 86_400_000],
  ])('sees every change among more rows than a page holds %s', async (_name, aheadMs) => {
    const world = await connectToFakePlatform({ maxPageSize: 5 })
    for (let n = 0; n < 13; n++) await writeOnSite(world, `Post-${n}`)
    await world.account.sync.pull({ integrationId: world.integration.id })
    await world.clock.advance(60_000)
    const modifiedAt = new Date(world.clock.now().getTime() + aheadMs)
    for (const item of world.platform.items.values())
      Object.assign(item, { modifiedAt, fields: { ...item.fields, title: `${item.fields.title} changed` } })
    expect((await world.account.sync.pull({ integrationId: world.integration.id })).counts.updated).toBe(13)
    expect((await world.account.content.list({ search: 'changed' })).count).toBe(13)
  })

  it('tells a site whose pages loop from one that is long', async () => {
    const world = await connectToFakePlatform({ maxPageSize: 5 })
    for (let n = 0; n < 7; n++) await writeOnSite(world, `Post-${n}`)
    await world.account.sync.pull({ integrationId: world.integration.id })
    const { open } = world.platform.adapter
    Object.assign(world.platform.adapter, {
      open: (connection: Parameters<typeof open>[0]) => {
        const client = open(connection)
        return {
          ...client,
          pull: {
            ...client.pull,
            listModifiedSince: async (input: never) => ({
              ...(await client.pull?.listModifiedSince({ ...(input as object), excludeIds: [] } as never)),
              more: true,
            }),
          },
        }
      },
    })
    await expect(world.account.sync.pull({ integrationId: world.integration.id })).rejects.toMatchObject({
      code: 'REMOTE_MALFORMED',
    })
  })

  it('can be cancelled, and says so', async () => {
    const world = await connectToFakePlatform({ maxPageSize: 2 })
    for (let n = 0; n < 6; n++) await writeOnSite(world, `Post-${n}`)
    const stop = new AbortController()
    world.platform.interfere.after = (call) => {
      if (call === 'pull.listByExternalId') stop.abort()
    }
    await expect(
      world.account.sync.pull({ integrationId: world.integration.id, signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'CANCELLED' })
    expect((await world.account.sync.runs({ integrationId: world.integration.id })).items[0]).toMatchObject({
      status: 'cancelled',
    })
  })

  it('runs once at a time for a site', async () => {
    const world = await connectToFakePlatform()
    const both = await Promise.allSettled([
      world.account.sync.pull({ integrationId: world.integration.id }),
      world.account.sync.pull({ integrationId: world.integration.id }),
    ])
    expect(both.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((outcome) => outcome.status === 'rejected')).toMatchObject({ reason: { code: 'SYNC_RUNNING' } })
  })

  it('waits for the run under way where it is asked to', async () => {
    const { account, clock, integration } = await connectToFakePlatform()
    const integrationId = integration.id
    const first = account.sync.pull({ integrationId })
    const second = account.sync.pull({ integrationId, waitMs: 60_000 })
    await first
    await clock.advance(500)
    expect(await second).toMatchObject({ status: 'completed' })
    expect((await account.sync.runs({ integrationId })).items.map(({ status }) => status)).toEqual([
      'completed',
      'completed',
    ])
  })

  it('waits no longer than it is asked to, nor for one who has cancelled', async () => {
    const world = await connectToFakePlatform()
    const integrationId = world.integration.id
    const { leases } = world.storage.forAccount('acct')
    const now = world.clock.now()
    await leases.acquire({ key: `sync:${integrationId}`, owner: 'another', now, ttlMs: 60_000 })
    const stop = new AbortController()
    const ends = (pull: Promise<unknown>) => {
      const seen = { code: 'waiting' }
      pull.catch(({ code }: Igny8Error) => {
        seen.code = code
      })
      return seen
    }
    const brief = ends(world.account.sync.pull({ integrationId, waitMs: 1_200 }))
    const stopped = ends(world.account.sync.pull({ integrationId, waitMs: 30_000, signal: stop.signal }))
    await world.clock.advance(1_199)
    expect([brief.code, stopped.code]).toEqual(['waiting', 'waiting'])
    stop.abort()
    await world.clock.advance(1)
    expect([brief.code, stopped.code]).toEqual(['SYNC_RUNNING', 'CANCELLED'])
  })

  it('sees what changed while it waited', async () => {
    const world = await connectToFakePlatform()
    const integrationId = world.integration.id
    const { leases } = world.storage.forAccount('acct')
    const now = world.clock.now()
    const lease = await leases.acquire({ key: `sync:${integrationId}`, owner: 'another', now, ttlMs: 60_000 })
    if (lease === undefined) throw new Error('no lease')
    const waiting = world.account.sync.pull({ integrationId, waitMs: 30_000 })
    const refused = expect(waiting).rejects.toMatchObject({ code: 'INTEGRATION_INACTIVE' })
    await world.account.connections.update({ integrationId, changes: { isActive: false } })
    await leases.release(lease)
    await world.clock.advance(500)
    await refused
  })

  it('says that the lease is lost, not that somebody cancelled', async () => {
    const world = await connectToFakePlatform()
    const integrationId = world.integration.id
    await writeOnSite(world, 'There')
    const { leases } = world.storage.forAccount('acct')
    world.platform.interfere.before = async (call) => {
      if (call !== 'pull.listByExternalId') return
      const later = new Date(world.clock.now().getTime() + 600_000)
      await leases.acquire({ key: `sync:${integrationId}`, owner: 'another', now: later, ttlMs: 60_000 })
      await world.clock.advance(60_000)
      throw new Igny8Error({ code: 'CANCELLED', message: 'The request was cancelled.', retryable: true })
    }
    await expect(world.account.sync.pull({ integrationId })).rejects.toMatchObject({ code: 'LEASE_LOST' })
    const [run] = (await world.account.sync.runs({ integrationId })).items
    expect(run).toMatchObject({ status: 'failed', errorCode: 'LEASE_LOST' })
  })

  it('leaves a run that was ended meanwhile, and the status of its site, to whoever took it over', async () => {
    const world = await connectToFakePlatform({ started: false })
    const integrationId = world.integration.id
    await writeOnSite(world, 'There')
    const { runs, integrations } = world.storage.forAccount('acct')
    world.platform.interfere.before = async (call) => {
      if (call !== 'pull.listByExternalId') return
      world.platform.interfere = {}
      const [run] = (await runs.list({ integrationId, limit: 1 })).items
      const stored = await integrations.get(integrationId)
      if (run === undefined || stored === undefined) throw new Error('A run is under way.')
      await runs.update({ ...run, status: 'failed', errorCode: 'SYNC_INTERRUPTED', finishedAt: world.clock.now() })
      await integrations.update({ ...stored, syncStatus: 'syncing', version: stored.version + 1 }, stored.version)
      throw new Igny8Error({ code: 'TIMEOUT', message: 'No answer.', retryable: true })
    }
    await expect(world.account.sync.pull({ integrationId })).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect((await integrations.get(integrationId))?.syncStatus).toBe('syncing')
    expect(world.events.map(({ type }) => type)).not.toContain('sync.failed')
  })

  it('ends a run whose process died, so that nothing stays in syncing', async () => {
    const world = await connectToFakePlatform()
    await world.account.sync.pull({ integrationId: world.integration.id })
    const stores = world.storage.forAccount('acct')
    const [ended] = (await world.account.sync.runs({ integrationId: world.integration.id })).items
    if (ended === undefined) throw new Error('no run')
    await stores.runs.insert({ ...ended, id: 'dead', status: 'running', finishedAt: null })
    await world.clock.advance(121_000)
    expect(
      (await world.igny8.runDue()).runsRecovered +
        (await stores.runs.get('dead').then((run) => (run?.status === 'failed' ? 1 : 0))),
    ).toBeGreaterThan(0)
    expect(await stores.runs.get('dead')).toMatchObject({ status: 'failed', errorCode: 'SYNC_INTERRUPTED' })
  })
})
