import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { writeOnSite } from './connected-account.ts'
import { dirtyOf, tell, titles, webhookEvents, withCron, withWebhooks, wrapGetMany } from './tell-webhook.ts'

const lost = () => new Igny8Error({ code: 'CONNECTION_FAILED', message: 'reset', effect: 'unknown', retryable: true })

describe('what a webhook told of', () => {
  it('is brought at the next sweep where the process ended in between', async () => {
    const world = await withCron()
    await tell(world, await writeOnSite(world, 'Post'))
    expect(await titles(world)).toEqual([])
    expect(await world.igny8.runDue()).toMatchObject({ integrationsHinted: 1 })
    expect(await titles(world)).toEqual(['Post'])
    expect(await world.igny8.runDue()).toMatchObject({ integrationsHinted: 0 })
  })

  it('survives a failing site, which is asked less and less often', async () => {
    const world = await withCron()
    await tell(world, await writeOnSite(world, 'Post'))
    world.platform.interfere.before = () => {
      throw lost()
    }
    const attempts: number[] = []
    const begun = world.clock.now().getTime()
    for (let second = 0; second <= 600; second += 5) {
      world.platform.calls.length = 0
      await world.igny8.runDue()
      if (world.platform.calls.length > 0) attempts.push((world.clock.now().getTime() - begun) / 1_000)
      await world.clock.advance(5_000)
    }
    expect(attempts).toEqual([0, 15, 30, 60, 120, 240, 480])
    expect(await dirtyOf(world)).toHaveLength(1)
    expect(await webhookEvents(world)).toMatchObject(
      attempts.map(() => ({ status: 'failed', errorCode: 'CONNECTION_FAILED' })),
    )
    world.platform.interfere = {}
    await world.clock.advance(600_000)
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['Post'])
    expect(await dirtyOf(world)).toEqual([])
  })

  it('is tried at once when a new hint comes after a failure', async () => {
    const world = await withCron()
    const externalId = await writeOnSite(world, 'Post')
    await tell(world, externalId)
    world.platform.interfere.before = () => {
      throw lost()
    }
    await world.igny8.runDue()
    world.platform.interfere = {}
    await world.igny8.runDue()
    expect(await titles(world)).toEqual([])
    await tell(world, externalId)
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['Post'])
  })

  it('is read again where a newer hint came while it was read', async () => {
    const world = await withCron()
    const externalId = await writeOnSite(world, 'Old')
    await tell(world, externalId)
    let reads = 0
    wrapGetMany(world, async (getMany, input) => {
      const page = await getMany(input)
      if (++reads === 1) {
        world.platform.edit(externalId, { title: 'New' })
        await tell(world, externalId)
      }
      return page
    })
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['New'])
    expect(await dirtyOf(world)).toEqual([])
    expect(reads).toBe(2)
  })

  it('may be brought by a sync at the same moment, and is not brought twice or taken back', async () => {
    const world = await withCron()
    const integrationId = world.integration.id
    const externalId = await writeOnSite(world, 'Old')
    await tell(world, externalId)
    let reads = 0
    wrapGetMany(world, async (getMany, input) => {
      const page = await getMany(input)
      if (++reads > 1) return page
      world.platform.edit(externalId, { title: 'New' })
      expect(await world.account.sync.pull({ integrationId })).toMatchObject({ status: 'completed' })
      return page
    })
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['New'])
    expect(await dirtyOf(world)).toHaveLength(1)
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['New'])
    expect(await dirtyOf(world)).toEqual([])
  })

  it('is not applied while a push works on it, and is afterwards', async () => {
    const world = await withCron()
    const externalId = await writeOnSite(world, 'Old')
    await world.account.sync.pull({ integrationId: world.integration.id })
    await world.clock.advance(60_000)
    const [content] = (await world.account.content.list()).items
    const stores = world.storage.forAccount('acct')
    const key = `push:${world.integration.id}:${content?.id}`
    const lease = await stores.leases.acquire({ key, owner: 'push', now: world.clock.now(), ttlMs: 60_000 })
    if (lease === undefined) throw new Error('no lease')
    world.platform.edit(externalId, { title: 'New' })
    await tell(world, externalId)
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['Old'])
    expect(await dirtyOf(world)).toMatchObject([{ retryAt: null }])
    await stores.leases.release(lease)
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['New'])
    expect(await dirtyOf(world)).toEqual([])
  })

  it('is read again where a push wrote its link after it was read', async () => {
    const world = await withCron()
    const externalId = await writeOnSite(world, 'Old')
    await world.account.sync.pull({ integrationId: world.integration.id })
    await world.clock.advance(60_000)
    await tell(world, externalId)
    const { links } = world.storage.forAccount('acct')
    const [link] = await links.findByExternalIds(world.integration.id, 'content', [externalId])
    if (link === undefined) throw new Error('no link')
    let moved: Promise<unknown> | undefined
    world.platform.interfere.after = (call) => {
      if (call === 'pull.getMany') moved ??= links.update({ ...link, version: link.version + 1 }, link.version)
    }
    await world.igny8.runDue()
    expect(await moved).toBe(true)
    expect(await dirtyOf(world)).toHaveLength(1)
    await world.igny8.runDue()
    expect(await dirtyOf(world)).toEqual([])
  })

  it('waits while another process works on it, and while the integration is off or paused', async () => {
    const world = await withCron()
    await tell(world, await writeOnSite(world, 'Post'))
    const integrationId = world.integration.id
    const stores = world.storage.forAccount('acct')
    const lease = { key: `webhook:${integrationId}`, owner: 'other', now: world.clock.now(), ttlMs: 60_000 }
    const held = await stores.leases.acquire(lease)
    await world.igny8.runDue()
    expect(await titles(world)).toEqual([])
    if (held !== undefined) await stores.leases.release(held)
    await world.account.connections.update({ integrationId, changes: { isActive: false } })
    expect(await world.igny8.runDue()).toMatchObject({ integrationsHinted: 0 })
    expect(await tell(world, await writeOnSite(world, 'While off'))).toEqual({ status: 202 })
    await world.account.connections.update({ integrationId, changes: { isActive: true } })
    const row = await stores.integrations.get(integrationId)
    if (row === undefined) throw new Error('no row')
    await stores.integrations.update({ ...row, pausedReason: 'because', version: row.version + 1 }, row.version)
    expect(await world.igny8.runDue()).toMatchObject({ integrationsHinted: 0 })
    expect(await titles(world)).toEqual([])
    await stores.integrations.update({ ...row, version: row.version + 2 }, row.version + 1)
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['Post'])
  })

  it('asks nothing of the site while the integration is paused', async () => {
    const world = await withWebhooks()
    const externalId = await writeOnSite(world, 'Post')
    const stores = world.storage.forAccount('acct')
    const row = await stores.integrations.get(world.integration.id)
    if (row === undefined) throw new Error('no row')
    await stores.integrations.update({ ...row, pausedReason: 'because', version: row.version + 1 }, row.version)
    world.platform.calls.length = 0
    expect(await tell(world, externalId)).toEqual({ status: 202 })
    await world.clock.advance(30_000)
    expect(world.platform.calls).toEqual([])
    expect(await dirtyOf(world)).toHaveLength(1)
  })

  it('is kept for a day as a delivery, long after its flag is gone', async () => {
    const world = await withCron()
    const externalId = await writeOnSite(world, 'Post')
    const { webhooks } = world.storage.forAccount('acct')
    const again = async (id: string) => {
      const delivery = { id, accountId: 'acct', integrationId: world.integration.id, externalId, externalType: null }
      return webhooks.record({ ...delivery, action: 'post_updated', signed: true, receivedAt: world.clock.now() })
    }
    await tell(world, externalId, { id: 'msg_kept' })
    await world.igny8.runDue()
    await world.clock.advance(23 * 3_600_000)
    await tell(world, externalId)
    await world.igny8.runDue()
    expect(await again('msg_kept')).toBe('duplicate')
    await world.clock.advance(2 * 3_600_000)
    await tell(world, externalId)
    await world.igny8.runDue()
    expect(await again('msg_kept')).toBe('recorded')
  })

  it('keeps its flag where the site has it no more, for the full pull to decide', async () => {
    const world = await withCron()
    const externalId = await writeOnSite(world, 'Gone')
    await world.account.sync.pull({ integrationId: world.integration.id })
    await world.clock.advance(60_000)
    world.platform.items.delete(externalId)
    await tell(world, externalId, { action: 'post_deleted' })
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['Gone'])
    expect(await dirtyOf(world)).toMatchObject([{ externalId, retryAt: expect.any(Date) }])
    const { links } = world.storage.forAccount('acct')
    const [link] = await links.findByExternalIds(world.integration.id, 'content', [externalId])
    if (link === undefined) throw new Error('no link')
    await links.update({ ...link, deletedAt: world.clock.now(), version: link.version + 1 }, link.version)
    await world.clock.advance(60_000)
    await world.igny8.runDue()
    expect(await dirtyOf(world)).toEqual([])
  })

  it('does not keep the others back where one item cannot be read', async () => {
    const world = await withCron()
    const ids: string[] = []
    for (const title of ['One', 'Broken', 'Three']) ids.push(await writeOnSite(world, title))
    for (const externalId of ids) await tell(world, externalId)
    wrapGetMany(world, async (getMany, input) => {
      if (!input.externalIds.includes(ids[1] ?? '')) return getMany(input)
      throw new Igny8Error({ code: 'REMOTE_MALFORMED', message: 'A notice stands in the answer.' })
    })
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['One', 'Three'])
    expect(await dirtyOf(world)).toMatchObject([{ externalId: ids[1], retryAt: expect.any(Date) }])
  })
})
