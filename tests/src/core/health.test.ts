import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { connectToFakePlatform, startWithFakePlatform, writeOnSite } from './connected-account.ts'

const dayMs = 24 * 3_600_000

describe('health', () => {
  it('is ok where everything is done', async () => {
    const { igny8 } = await connectToFakePlatform()
    await igny8.runDue()
    expect(await igny8.health()).toMatchObject({
      status: 'ok',
      isStarted: true,
      storage: { isReachable: true, error: null },
      jobs: { 'igny8.sync': { waiting: 0, active: 0, dead: 0 } },
      waiting: { events: 0, silentRuns: 0, lateSyncs: 0 },
    })
    await igny8.stop()
    expect(await igny8.health()).toMatchObject({ isStarted: false })
  })

  it('is behind where a sync is late or a process fell silent', async () => {
    const world = await connectToFakePlatform({ scheduled: true, started: false })
    await world.clock.advance(80 * 60_000)
    expect(await world.igny8.health()).toMatchObject({ status: 'behind', isStarted: false, waiting: { lateSyncs: 1 } })
    await world.igny8.runDue()
    expect(await world.igny8.health()).toMatchObject({ status: 'ok' })
  })

  it('is down, and throws nothing, where the storage does not answer', async () => {
    const password = 'postgres://user:hunter2@db/app'
    const storage = createMemoryStorage()
    const system = { ...storage.system, listOutbox: () => Promise.reject(new Error(password)) }
    const world = await startWithFakePlatform({ started: false, storage: { ...storage, system } })
    const health = await world.igny8.health()
    expect(health).toMatchObject({ status: 'down', storage: { isReachable: false } })
    expect(JSON.stringify(health)).not.toContain('hunter2')
  })
})

describe('history', () => {
  it('is forgotten after 90 days, but for what tells which item is tied to what', async () => {
    const world = await connectToFakePlatform({ started: false })
    const { account, integration, clock, igny8 } = world
    await writeOnSite(world, 'Old')
    await account.sync.pull({ integrationId: integration.id })
    await clock.advance(1_000)
    await account.sync.pull({ integrationId: integration.id })
    await clock.advance(89 * dayMs)
    expect(await igny8.runDue()).toMatchObject({ historyRemoved: 0 })
    await clock.advance(2 * dayMs)
    expect(await igny8.runDue()).toMatchObject({ historyRemoved: 1 })
    expect((await account.sync.runs({ integrationId: integration.id })).items).toHaveLength(1)
    expect((await account.sync.events({ integrationId: integration.id })).items).toMatchObject([
      { metadata: { outcome: 'created' } },
    ])
  })
})
