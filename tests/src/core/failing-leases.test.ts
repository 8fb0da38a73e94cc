import { type AccountStorage, Igny8Error, type Storage } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform, writeOnSite } from './connected-account.ts'

type Leases = AccountStorage['leases']

/** A site on a storage of which calls about leases fail while `failing` names them. */
async function openWorld() {
  const storage = createMemoryStorage()
  const failing = new Set<keyof Leases>()
  const failed: string[] = []
  const refuse = (leases: Leases): Leases =>
    new Proxy(leases, {
      get(target, name: keyof Leases) {
        if (!failing.has(name)) return Reflect.get(target, name)
        return async () => {
          failed.push(name)
          throw new Igny8Error({ code: 'STORAGE_FAILED', message: 'No connection.', retryable: true })
        }
      },
    })
  const wrapped: Storage = {
    ...storage,
    forAccount(accountId) {
      const account = storage.forAccount(accountId)
      return { ...account, leases: refuse(account.leases) }
    },
  }
  return { ...(await connectToFakePlatform({ storage: wrapped, started: false })), failing, failed }
}

describe('a storage that fails for a moment', () => {
  it('costs a run its lease only when that has run out', async () => {
    const world = await openWorld()
    const integrationId = world.integration.id
    await writeOnSite(world, 'There')
    world.platform.interfere.before = async (call) => {
      if (call !== 'pull.listByExternalId') return
      world.platform.interfere = {}
      world.failing.add('renew')
      await world.clock.advance(20_000)
      world.failing.clear()
      await world.clock.advance(70_000)
    }
    expect(await world.account.sync.pull({ integrationId })).toMatchObject({ status: 'completed' })
    expect(world.failed).toEqual(['renew'])
  })

  it('ends the work of a run whose lease it could not renew in time', async () => {
    const world = await openWorld()
    const integrationId = world.integration.id
    await writeOnSite(world, 'There')
    world.platform.interfere.before = async (call) => {
      if (call !== 'pull.listByExternalId') return
      world.failing.add('renew')
      await world.clock.advance(70_000)
      throw new Igny8Error({ code: 'CANCELLED', message: 'The request was cancelled.', retryable: true })
    }
    await expect(world.account.sync.pull({ integrationId })).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })

  it('does not make a failure of pushes that are done: their leases end by themselves', async () => {
    const world = await openWorld()
    const contentIds = [(await approvedContent(world)).id, (await approvedContent(world)).id]
    world.failing.add('release').add('releaseMany')
    const outcomes = await world.account.sync.pushMany({ contentIds })
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true])
    expect(world.failed).toEqual(['releaseMany'])
  })
})
