import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { openPublishingWorld } from './publishing-world.ts'

const minuteMs = 60_000
const looked = async (world: Awaited<ReturnType<typeof openPublishingWorld>>) =>
  (await world.igny8.runDue()).sitesPublished

describe('a site with nothing to publish yet', () => {
  it('sleeps until its next publication, and is looked at again where its queue or settings are written', async () => {
    const world = await openPublishingWorld({ publishTimeSlots: [{ start: '10:00', end: '12:00' }] })
    await world.clock.advance(new Date('2026-11-02T09:50:00Z').getTime() - world.clock.now().getTime())
    await world.approve('A', 'B')
    expect([await looked(world), await looked(world)]).toEqual([1, 0])
    await world.clock.advance(9 * minuteMs)
    expect([await looked(world), world.live()]).toEqual([0, []])
    await world.clock.advance(minuteMs)
    expect([await looked(world), world.live().length]).toEqual([1, 1])
    expect([await looked(world), await looked(world)]).toEqual([1, 0])
    const [, waiting] = (await world.account.content.list({ limit: 10, sort: 'createdAt', direction: 'asc' })).items
    await world.publishing.reschedule({ contentId: waiting?.id ?? '', at: world.clock.now(), actor: 'anna' })
    expect([await looked(world), world.live().length]).toEqual([1, 2])
    expect([await looked(world), await looked(world)]).toEqual([1, 0])
    const { version } = (await world.publishing.settings.getOrCreateForSite(world.siteId)).settings
    await world.publishing.settings.update({ siteId: world.siteId, version, changes: { minGapMinutes: 5 } })
    expect([await looked(world), await looked(world)]).toEqual([1, 0])
  })

  it('is looked at every quarter of an hour where something waits, as not all that a plan depends on is told', async () => {
    const world = await openPublishingWorld({ publishTimeSlots: [{ start: '20:00', end: '22:00' }] })
    await world.approve('A')
    await looked(world)
    const looks: number[] = []
    for (let minute = 0; minute < 60; minute++) {
      await world.clock.advance(minuteMs)
      looks.push(await looked(world))
    }
    expect(looks.filter((count) => count > 0)).toHaveLength(4)
  })

  it('does not fall asleep over what was queued while it was looked at', async () => {
    const storage = createMemoryStorage()
    let meanwhile: (() => Promise<unknown>) | undefined
    const world = await openPublishingWorld(
      {},
      {
        ...storage,
        forAccount(accountId) {
          const account = storage.forAccount(accountId)
          return {
            ...account,
            publicationQueue: {
              ...account.publicationQueue,
              async list(query) {
                const page = await account.publicationQueue.list(query)
                const write = meanwhile
                meanwhile = undefined
                await write?.()
                return page
              },
            },
          }
        },
      },
    )
    await looked(world)
    await looked(world)
    const { version } = (await world.publishing.settings.getOrCreateForSite(world.siteId)).settings
    await world.publishing.settings.update({ siteId: world.siteId, version, changes: { minGapMinutes: 0 } })
    // The first read is for what is to be recovered, the second for what is due.
    meanwhile = async () => {
      meanwhile = () => world.approve('A')
    }
    await looked(world)
    expect([await looked(world), world.live().length]).toEqual([1, 1])
  })

  it.each(['library', 'site'] as const)(
    'is one whose only entry was published by hand, where %s publications count: it waits for nothing any more',
    async (count) => {
      const world = await openPublishingWorld({ count, publishTimeSlots: [{ start: '20:00', end: '22:00' }] })
      const [id = ''] = await world.approve('A')
      await world.account.content.publish(id)
      expect([await looked(world), await looked(world), await looked(world)]).toEqual([1, 1, 0])
      expect(await world.stores.publicationQueue.get(id)).toBeUndefined()
      expect((await world.stores.publications.find(id))?.status).toBe('published')
    },
  )

  it('never sleeps where it approves by itself: what waits for review is in no queue', async () => {
    const world = await openPublishingWorld({ autoApprovalEnabled: true })
    expect([await looked(world), await looked(world), await looked(world)]).toEqual([1, 1, 1])
  })
})
