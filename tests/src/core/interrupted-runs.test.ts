import { createIgny8, type JobQueue, type Storage, type SyncRun } from '@igny8/core'
import { createSeededRandom } from '@igny8/core/testing'
import { describe, expect, it, vi } from 'vitest'
import { connectToFakePlatform, writeOnSite } from './connected-account.ts'

type World = Awaited<ReturnType<typeof connectToFakePlatform>>

function anotherProcess(world: World, jobs?: JobQueue) {
  return createIgny8({
    storage: world.storage,
    platforms: [world.platform.adapter],
    encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
    clock: world.clock,
    random: createSeededRandom(2),
    timing: { leaseMs: 10_000 },
    ...(jobs === undefined ? {} : { jobs }),
  })
}

/** A run whose process is gone: nobody holds its lease, and nothing is heard of it any more. */
async function leaveRunBehind(world: World, id: string, changes: Partial<SyncRun> = {}): Promise<void> {
  await world.account.connections.update({ integrationId: world.integration.id, changes: { syncEnabled: true } })
  if ((await runsOf(world)).length === 0) await world.account.sync.pull({ integrationId: world.integration.id })
  const [ended] = (await runsOf(world)).filter(({ errorCode }) => errorCode === null)
  if (ended === undefined) throw new Error('no run')
  const now = world.clock.now()
  const left: SyncRun = { ...ended, id, kind: 'sync', status: 'running', phase: 'content', finishedAt: null }
  await world.storage.forAccount('acct').runs.insert({ ...left, startedAt: now, heartbeatAt: now, ...changes })
}

const runsOf = async (world: World) =>
  (await world.account.sync.runs({ integrationId: world.integration.id, limit: 50 })).items

describe('a sync whose process died', () => {
  it('ends once its lease is over, and goes on at once', async () => {
    const world = await connectToFakePlatform()
    await world.igny8.stop()
    await leaveRunBehind(world, 'left')
    await writeOnSite(world, 'Written meanwhile')
    const other = anotherProcess(world)
    await world.clock.advance(9_000)
    expect(await other.runDue()).toMatchObject({ runsRecovered: 0, syncsStarted: 0 })
    await world.clock.advance(1_001)
    expect(await other.runDue()).toMatchObject({ runsRecovered: 1, syncsStarted: 1 })
    const runs = await runsOf(world)
    expect(runs.find(({ id }) => id === 'left')).toMatchObject({ status: 'failed', errorCode: 'SYNC_INTERRUPTED' })
    expect(runs[0]).toMatchObject({ status: 'completed', trigger: 'schedule', counts: { created: 1 } })
    await other.stop()
  })

  it('is told of once, also where it was only slow', async () => {
    const world = await connectToFakePlatform()
    const integrationId = world.integration.id
    await writeOnSite(world, 'There')
    world.platform.interfere.before = async (call) => {
      if (call !== 'pull.listByExternalId') return
      // As `kill -STOP` does: its lease ends, another process ends the run for it, and then it goes on.
      const [slow] = await runsOf(world)
      const { runs, leases } = world.storage.forAccount('acct')
      const now = new Date(world.clock.now().getTime() + 600_000)
      await leases.acquire({ key: `sync:${integrationId}`, owner: 'another', now, ttlMs: 600_000 })
      if (slow !== undefined) await runs.update({ ...slow, status: 'failed', errorCode: 'SYNC_INTERRUPTED' })
    }
    await expect(world.account.sync.pull({ integrationId })).rejects.toMatchObject({ code: 'LEASE_LOST' })
    await world.clock.advance(1_000)
    expect((await runsOf(world))[0]).toMatchObject({ status: 'failed', errorCode: 'SYNC_INTERRUPTED' })
    expect(world.events.filter(({ type }) => type === 'sync.failed')).toEqual([])
    expect(await world.account.connections.get(integrationId)).toMatchObject({ syncError: null })
  })

  it('is left to the schedule where it has taken its process with it three times', async () => {
    const world = await connectToFakePlatform()
    await world.igny8.stop()
    for (const id of ['first', 'second']) {
      await leaveRunBehind(world, id, { status: 'failed', errorCode: 'SYNC_INTERRUPTED' })
      await world.clock.advance(1)
    }
    await leaveRunBehind(world, 'third')
    await world.clock.advance(20_000)
    const other = anotherProcess(world)
    expect(await other.runDue()).toMatchObject({ runsRecovered: 1, syncsStarted: 0 })
    const { nextSyncAt } = (await world.storage.forAccount('acct').integrations.get(world.integration.id)) ?? {}
    expect(nextSyncAt?.getTime()).toBeGreaterThan(world.clock.now().getTime())
    await other.stop()
  })

  it('is recovered although another one cannot be', async () => {
    const world = await connectToFakePlatform()
    await world.igny8.stop()
    await leaveRunBehind(world, 'left')
    const template = (await runsOf(world)).find(({ id }) => id === 'left')
    if (template === undefined) throw new Error('no run')
    const stuck = { ...template, id: 'stuck', accountId: 'broken', heartbeatAt: new Date(0) }
    await world.storage.forAccount('broken').runs.insert(stuck)
    await world.clock.advance(20_000)
    const forAccount: Storage['forAccount'] = (accountId) => {
      const stores = world.storage.forAccount(accountId)
      const acquire = async () => Promise.reject(new Error('No lease.'))
      return accountId === 'broken' ? { ...stores, leases: { ...stores.leases, acquire } } : stores
    }
    const other = anotherProcess({ ...world, storage: { ...world.storage, forAccount } })
    expect(await other.runDue()).toMatchObject({ runsRecovered: 1 })
    expect((await runsOf(world)).find(({ id }) => id === 'left')).toMatchObject({ errorCode: 'SYNC_INTERRUPTED' })
    await other.stop()
  })
})

it('a push is announced before it begins where jobs outlive the process', async () => {
  const world = await connectToFakePlatform()
  await world.igny8.stop()
  const enqueue = vi.fn(async () => true)
  const nothing = async () => undefined
  const jobs = {
    capabilities: { durable: true, transactional: false },
    ...{ define: () => undefined, work: nothing, schedule: nothing, unschedule: nothing, stop: nothing, enqueue },
  } as unknown as JobQueue
  const other = anotherProcess(world, jobs)
  const account = other.forAccount('acct')
  const content = await account.content.create({ siteId: world.site.id, type: 'post', title: 'Announced' })
  await account.content.approve(content.id)
  const at = new Date(world.clock.now().getTime() + 10_000)
  await account.sync.push({ contentId: content.id, as: 'publish' })
  const { id: integrationId } = world.integration
  expect(enqueue).toHaveBeenCalledExactlyOnceWith({
    name: 'igny8.resume',
    key: integrationId,
    startAfter: at,
    data: { accountId: 'acct', integrationId },
  })
  await other.stop()
})
