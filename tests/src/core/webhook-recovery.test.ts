import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { writeOnSite } from './connected-account.ts'
import {
  dirtyOf,
  secondProcess,
  tell,
  titles,
  webhookEvents,
  withCron,
  withWebhooks,
  wrapGetMany,
} from './tell-webhook.ts'

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

  it('costs a failing site one request a round, however much waits', async () => {
    const world = await withCron()
    for (const title of ['One', 'Two', 'Three']) await tell(world, await writeOnSite(world, title))
    world.platform.interfere.before = () => {
      throw lost()
    }
    world.platform.calls.length = 0
    await world.igny8.runDue()
    expect(world.platform.calls).toEqual(['pull.getMany'])
    expect(await dirtyOf(world)).toMatchObject([1, 2, 3].map(() => ({ retryAt: expect.any(Date) })))
    expect(await webhookEvents(world)).toHaveLength(1)
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

  it('is deleted here where the site proves for every type that it is gone', async () => {
    const world = await withCron()
    const externalId = await writeOnSite(world, 'Gone')
    await world.account.sync.pull({ integrationId: world.integration.id })
    await world.clock.advance(60_000)
    world.platform.items.delete(externalId)
    await tell(world, externalId, { action: 'post_deleted' })
    world.platform.calls.length = 0
    await world.igny8.runDue()
    expect(world.platform.calls).toEqual(['pull.getMany', 'pull.getMany', 'content.get', 'content.get'])
    expect(await titles(world)).toEqual([])
    expect((await world.account.content.list({ includeRemoved: true })).items).toMatchObject([{ body: '<p>Gone</p>' }])
    expect(await dirtyOf(world)).toEqual([])
    expect(await webhookEvents(world)).toMatchObject([{ externalId, metadata: { outcome: 'deleted' } }])
    await tell(world, externalId, { action: 'post_deleted' })
    world.platform.calls.length = 0
    await world.igny8.runDue()
    expect(world.platform.calls).toEqual(['pull.getMany', 'pull.getMany'])
    expect(await dirtyOf(world)).toEqual([])
  })

  it('is not deleted where a list hides it, nor where the site proves nothing', async () => {
    const world = await withCron()
    const externalId = await writeOnSite(world, 'Hidden')
    await world.account.sync.pull({ integrationId: world.integration.id })
    await world.clock.advance(60_000)
    world.platform.edit(externalId, { title: 'Hidden, edited' })
    wrapGetMany(world, async (getMany, input) => ({ ...(await getMany(input)), rows: [] }))
    await tell(world, externalId, { action: 'post_deleted' })
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['Hidden, edited'])
    world.platform.interfere.before = (call) => {
      if (call === 'content.get')
        throw new Igny8Error({ code: 'REMOTE_NOT_FOUND', message: 'The route is not there.', hint: 'Look.' })
    }
    await tell(world, externalId, { action: 'post_deleted' })
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['Hidden, edited'])
    expect(await dirtyOf(world)).toMatchObject([{ externalId, retryAt: expect.any(Date) }])
  })

  it('is not deleted where more is gone than is believed of a site', async () => {
    const world = await withCron()
    const ids: string[] = []
    for (let n = 0; n < 6; n++) ids.push(await writeOnSite(world, `Post-${n}`))
    await world.account.sync.pull({ integrationId: world.integration.id })
    await world.clock.advance(60_000)
    for (const externalId of ids) {
      world.platform.items.delete(externalId)
      await tell(world, externalId, { action: 'post_deleted' })
    }
    await world.igny8.runDue()
    expect((await world.account.content.list()).count).toBe(3)
    expect(await dirtyOf(world)).toHaveLength(3)
    expect((await webhookEvents(world)).filter(({ status }) => status === 'failed')).toMatchObject(
      [1, 2, 3].map(() => ({ errorCode: 'DELETIONS_SUSPECTED' })),
    )
  })

  it('waits as long as the site asks for, and never longer than an hour of its own', async () => {
    const world = await withCron()
    await tell(world, await writeOnSite(world, 'Post'))
    const retryInMs = async (error: Igny8Error) => {
      world.platform.interfere.before = () => {
        throw error
      }
      await world.igny8.runDue()
      const [item] = await dirtyOf(world)
      return (item?.retryAt?.getTime() ?? 0) - world.clock.now().getTime()
    }
    const limited = { code: 'RATE_LIMITED', message: 'Too many.', retryable: true, retryAfterMs: 120_000 } as const
    expect(await retryInMs(new Igny8Error(limited))).toBe(120_000)
    await world.clock.advance(5 * 3_600_000)
    expect(await retryInMs(lost())).toBe(3_600_000)
  })

  it('is found among the other types where one is gone from the site', async () => {
    const world = await withCron()
    await tell(world, await writeOnSite(world, 'Post'), { post_type: 'page' })
    wrapGetMany(world, (getMany, input) => {
      if (input.type === 'post') return getMany(input)
      throw new Igny8Error({ code: 'REMOTE_NOT_FOUND', message: 'There is no such type.' })
    })
    await world.igny8.runDue()
    expect(await titles(world)).toEqual(['Post'])
  })

  it('stays dirty, with the reason, where its row cannot be read', async () => {
    const world = await withCron()
    const externalId = await writeOnSite(world, 'Post')
    await tell(world, externalId)
    const rejected = [{ externalId, problem: 'title: is no text' }]
    wrapGetMany(world, async (getMany, input) => ({ ...(await getMany(input)), rows: [], rejected }))
    await world.igny8.runDue()
    expect(await dirtyOf(world)).toMatchObject([{ externalId, retryAt: expect.any(Date) }])
    expect(await webhookEvents(world)).toMatchObject([
      { externalId, status: 'failed', errorCode: 'REMOTE_MALFORMED', errorMessage: 'title: is no text' },
    ])
  })

  it('is left to the process that took over, which has the lease', async () => {
    const world = await withCron()
    await tell(world, await writeOnSite(world, 'Post'))
    const storage: typeof world.storage = {
      ...world.storage,
      forAccount(accountId) {
        const account = world.storage.forAccount(accountId)
        const assertHeld = () => Promise.reject(new Igny8Error({ code: 'LEASE_LOST', message: 'Lost.' }))
        return {
          ...account,
          transaction: (work) =>
            account.transaction((stores) => work({ ...stores, leases: { ...stores.leases, assertHeld } })),
        }
      },
    }
    await secondProcess({ ...world, storage }).runDue()
    expect(await titles(world)).toEqual([])
    expect(await dirtyOf(world)).toMatchObject([{ retryAt: null }])
    expect(await webhookEvents(world)).toEqual([])
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
