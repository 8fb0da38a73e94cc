import { type AccountStorage, combineStorage, Igny8Error, type Storage } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform } from './connected-account.ts'
import { wrapCalls } from './wrap-calls.ts'

type Transaction = AccountStorage['transaction']

/** A storage in memory that counts its calls; `begin` makes transactions of others. */
function createCountedStorage(begin: (transaction: Transaction) => Transaction = (transaction) => transaction) {
  const counts = { calls: 0, transactions: 0 }
  const counted = wrapCalls(createMemoryStorage(), (_name, call) => (...input) => {
    counts.calls += 1
    return call(...input)
  })
  const storage: Storage = {
    ...counted,
    forAccount(accountId) {
      const account = counted.forAccount(accountId)
      const transaction: Transaction = (work) => {
        counts.transactions += 1
        return begin(account.transaction)(work)
      }
      return { ...account, transaction }
    },
  }
  return { storage, counts }
}

async function approvedMany(world: Awaited<ReturnType<typeof connectToFakePlatform>>, count: number) {
  const ids: string[] = []
  for (let number = 1; number <= count; number++)
    ids.push((await approvedContent(world, { title: `Many ${number}` })).id)
  return ids
}

async function countPush(items: number) {
  const { storage, counts } = createCountedStorage()
  const world = await connectToFakePlatform({ storage, started: false })
  const contentIds = await approvedMany(world, items)
  Object.assign(counts, { calls: 0, transactions: 0 })
  const outcomes = await world.account.sync.pushMany({ contentIds })
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(items)
  // What is asked once for all: which contents there are, and where they go.
  return { calls: counts.calls - items, transactions: counts.transactions }
}

describe('what many pushes ask of the storage', () => {
  it('travels together: 25 items cost as many calls and transactions as two', async () => {
    expect(await countPush(25)).toEqual(await countPush(2))
  })

  it('is done anew for each where one of them refuses, and the others come through', async () => {
    const world = await connectToFakePlatform({ started: false })
    const contentIds = await approvedMany(world, 5)
    const [removed] = contentIds
    world.platform.interfere.after = async (call) => {
      if (call !== 'content.batch' || removed === undefined) return
      world.platform.interfere = {}
      const { intents } = world.storage.forAccount('acct')
      const intent = await intents.find(world.integration.id, removed)
      if (intent !== undefined) await intents.put({ ...intent, version: intent.version + 1 })
    }
    const outcomes = await world.account.sync.pushMany({ contentIds })
    const failed = outcomes.flatMap((outcome) => (outcome.ok ? [] : [[outcome.contentId, outcome.error.code]]))
    expect(failed).toEqual([[removed, 'LEASE_LOST']])
    const links = await world.storage
      .forAccount('acct')
      .links.findByLocalIds(world.integration.id, 'content', contentIds)
    expect(links).toHaveLength(4)
  })

  it('is not repeated where nobody knows what became of its commit: the next sync finds what stands', async () => {
    let lost = 0
    const unknown = new Igny8Error({ code: 'STORAGE_FAILED', message: 'The answer was lost.', effect: 'unknown' })
    let isOn = false
    const { storage, counts } = createCountedStorage((transaction) => async (work) => {
      const result = await transaction(work)
      if (isOn && ++lost === 2) throw unknown
      return result
    })
    const world = await connectToFakePlatform({ storage, started: false })
    const contentIds = await approvedMany(world, 5)
    isOn = true
    counts.transactions = 0
    const outcomes = await world.account.sync.pushMany({ contentIds })
    expect(outcomes.map((outcome) => !outcome.ok && outcome.error.effect)).toEqual(contentIds.map(() => 'unknown'))
    expect(counts.transactions).toBe(2)
    await world.account.sync.run({ integrationId: world.integration.id })
    expect(world.platform.items.size).toBe(5)
    expect([...world.platform.items.values()].map(({ status }) => status)).toEqual(contentIds.map(() => 'publish'))
  })

  it('ends whole where the progress of a run cannot be kept: nothing is counted twice, or goes on behind the run', async () => {
    const storage = createMemoryStorage()
    let isOn = false
    const failing: Storage = {
      ...storage,
      forAccount(accountId) {
        const account = storage.forAccount(accountId)
        const { runs } = account
        return {
          ...account,
          runs: {
            get: runs.get,
            list: runs.list,
            insert: runs.insert,
            async update(run) {
              if (isOn && run.phase === 'push' && run.done > 0)
                throw new Igny8Error({ code: 'STORAGE_FAILED', message: 'Full.' })
              return runs.update(run)
            },
          },
        }
      },
    }
    const world = await connectToFakePlatform({ storage: failing, started: false })
    const { account, platform, clock } = world
    const integrationId = world.integration.id
    const contentIds = await approvedMany(world, 30)
    await account.sync.pushMany({ contentIds })
    for (const contentId of contentIds) {
      const { version, title } = await account.content.get(contentId)
      await account.content.update({ contentId, version, changes: { title: `${title} edited` } })
      await account.content.approve(contentId)
    }
    isOn = true
    let batches = 0
    platform.interfere.after = async (call) => {
      if (call !== 'content.batch') return
      batches += 1
      await clock.advance(600)
    }
    await expect(account.sync.run({ integrationId })).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    expect(batches).toBe(2)
    const calls = platform.calls.length
    await clock.advance(1)
    expect(platform.calls).toHaveLength(calls)
    const [run] = (await account.sync.runs({ integrationId })).items
    expect(run?.counts).toMatchObject({ updated: 30, failed: 0 })
  })

  it('is written item by item where contents are in tables of the host', async () => {
    const { storage, counts } = createCountedStorage()
    const host = createMemoryStorage()
    await host.migrate()
    const combined = combineStorage({
      storage,
      forAccount: (accountId) => ({ content: host.forAccount(accountId).content }),
      transaction: 'none',
    })
    const world = await connectToFakePlatform({ storage: combined, started: false })
    const contentIds = await approvedMany(world, 5)
    counts.transactions = 0
    const outcomes = await world.account.sync.pushMany({ contentIds })
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(5)
    expect(counts.transactions).toBeGreaterThanOrEqual(4 * 5)
  })
})
