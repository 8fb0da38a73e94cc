import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { startWithFakePlatform } from '../core/connected-account.ts'
import { openPublishingWorld } from './publishing-world.ts'
import { createPause, watchStorage } from './watch-storage.ts'

const minuteMs = 60_000

/** A world, and another process on its storage whose tick stops before a call, with what it read until then. */
async function openTwo(settings: Parameters<typeof openPublishingWorld>[0], call: string, count?: number) {
  const world = await openPublishingWorld(settings)
  const pause = createPause(call, count)
  const storage = watchStorage(world.storage, pause.before)
  const other = await startWithFakePlatform({ started: false, beside: { ...world, storage } })
  return {
    ...world,
    /** Starts its tick. */
    async tickOfOther() {
      const report = other.account.publishing.tick(world.siteId)
      await pause.reached
      return async () => {
        pause.go()
        return report
      }
    },
    updates: () => world.platform.calls.filter((name) => name === 'content.update').length,
  }
}

describe('of two claims of one entry only one wins', () => {
  it('though the other was planned before the first failed: its pause holds', async () => {
    const world = await openTwo({}, 'transaction')
    const [id = ''] = await world.approve('A')
    const goOn = await world.tickOfOther()
    world.platform.interfere.before = (call) => {
      if (call === 'content.update')
        throw new Igny8Error({ code: 'RATE_LIMITED', message: 'Slow down.', retryable: true })
    }
    expect(await world.publishing.tick(world.siteId)).toMatchObject({ retrying: 1 })
    world.platform.interfere = {}
    expect(await goOn()).toMatchObject({ moved: 1, published: 0 })
    expect(await world.stores.publicationQueue.get(id)).toMatchObject({ status: 'retrying', attempts: 1 })
    expect(world.updates()).toBe(1)
  })

  it('though the other read the ledger before the first claimed, and the queue after', async () => {
    const world = await openTwo({}, 'publicationQueue.list', 2)
    const [id = ''] = await world.approve('A')
    const goOn = await world.tickOfOther()
    let report: Awaited<ReturnType<typeof goOn>> | undefined
    world.platform.interfere.before = async (call) => {
      if (call === 'content.update') report ??= await goOn()
    }
    expect(await world.publishing.tick(world.siteId)).toMatchObject({ published: 1 })
    expect(report).toMatchObject({ moved: 1, published: 0, retrying: 0 })
    expect((await world.stores.publications.find(id))?.status).toBe('published')
    expect(world.updates()).toBe(1)
  })
})

describe('two claims keep the gap', () => {
  const settings = { count: 'library', minGapMinutes: 15 } as const

  it('though the second was planned before the first was set', async () => {
    const world = await openTwo(settings, 'transaction')
    const [second = ''] = await world.approve('B')
    const goOn = await world.tickOfOther()
    const [first = ''] = await world.approve('A')
    expect((await world.publishing.publishNow({ contentId: first })).outcome).toBe('published')
    expect(await goOn()).toMatchObject({ moved: 1, published: 0 })
    expect(await world.statusOf(second)).toBe('scheduled')
    await world.runFor(40 * minuteMs)
    const at = world.live().map(({ at }) => at)
    expect(at).toEqual(['11-02T09:00', '11-02T09:30'])
  })

  it('though the first one takes long to be sent', async () => {
    const world = await openPublishingWorld(settings)
    const [slow = '', now = ''] = await world.approve('A', 'B')
    let waits = 1
    world.platform.interfere.before = async (call) => {
      if (call !== 'content.create' || waits-- <= 0) return
      await world.clock.advance(5 * minuteMs)
      await world.publishing.publishNow({ contentId: now })
    }
    await world.clock.advance(15 * minuteMs)
    expect(await world.publishing.tick(world.siteId)).toMatchObject({ retrying: 1 })
    expect(await world.stores.publicationQueue.get(slow)).toMatchObject({ lastErrorCode: 'PUBLISH_LIMIT_REACHED' })
    await world.runFor(40 * minuteMs)
    const units = await Promise.all([now, slow].map((id) => world.stores.publications.find(id)))
    const [first = 0, second = 0] = units.map((unit) => unit?.countedAt.getTime())
    expect(second - first).toBeGreaterThanOrEqual(15 * minuteMs)
  })
})
