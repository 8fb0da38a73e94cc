import { describe, expect, it } from 'vitest'
import { startWithFakePlatform } from '../core/connected-account.ts'
import { openPublishingWorld } from './publishing-world.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

async function afterTurns<Result>(turns: number, work: () => Promise<Result>): Promise<Result> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve()
  return work()
}

describe('ticks that meet', () => {
  it('take an item up once, however they interleave', async () => {
    for (let turns = 0; turns < 60; turns += 3) {
      const world = await openPublishingWorld()
      const beside = await startWithFakePlatform({ started: false, beside: world })
      const [id = ''] = await world.approve('A')
      const tick = (account: typeof world.account) => account.publishing.tick(world.siteId)
      const reports = await Promise.all([tick(world.account), afterTurns(turns, () => tick(beside.account))])
      expect(reports.reduce((sum, { published }) => sum + published, 0)).toBe(1)
      expect(reports.map(({ retrying, verifying }) => retrying + verifying)).toEqual([0, 0])
      expect(world.platform.calls.filter((call) => call === 'content.update')).toHaveLength(1)
      expect((await world.stores.publications.find(id))?.status).toBe('published')
    }
  })

  it('and a pin never share the last unit', async () => {
    for (let turns = 0; turns < 120; turns += 2) {
      const world = await openPublishingWorld({ dailyPublishLimit: 1 })
      const [, second = ''] = await world.approve('A', 'B')
      const at = new Date(world.clock.now().getTime() + hourMs)
      await Promise.all([
        world.publishing.tick(world.siteId),
        afterTurns(turns, () => world.publishing.pin({ contentId: second, at }).catch(() => undefined)),
      ])
      const day = new Date('2026-11-02T00:00:00Z')
      const units = await world.stores.publications.listBetween(
        world.siteId,
        day,
        new Date(day.getTime() + 24 * hourMs),
      )
      expect(units).toHaveLength(1)
    }
  })

  it.each([
    ['counts it on the next day where it is sent then', false, '11-03T00:10'],
    ['sends nothing on a next day that is full', true, undefined],
  ])('%s', async (_, isFull, at) => {
    const world = await openPublishingWorld({ dailyPublishLimit: 1 })
    await world.clock.advance(14 * hourMs + 45 * minuteMs)
    const [id = '', second = ''] = await world.approve('A', 'B')
    if (isFull) {
      const pinnedAt = new Date('2026-11-03T20:00:00Z')
      await world.publishing.pin({ contentId: second, at: pinnedAt })
    }
    world.platform.interfere.before = async (call) => {
      if (call === 'content.create')
        await world.clock.advance(new Date('2026-11-03T00:10:00Z').getTime() - world.clock.now().getTime())
    }
    await world.publishing.tick(world.siteId)
    expect(world.live()[0]?.at).toBe(at)
    const entry = await world.stores.publicationQueue.get(id)
    expect(entry?.lastErrorCode).toBe(isFull ? 'PUBLISH_LIMIT_REACHED' : undefined)
    const unit = await world.stores.publications.find(id)
    expect(unit?.countedAt.toISOString().slice(5, 16)).toBe(at)
  })
})
