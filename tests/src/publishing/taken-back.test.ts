import { combineStorage } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { startWithFakePlatform } from '../core/connected-account.ts'
import {
  failOnce,
  loseAnswerOnce,
  openRemoteFutureWorld,
  type RemoteFutureWorld,
  unanswered,
} from './remote-future-world.ts'
import { createPause, watchStorage } from './watch-storage.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

describe('what a site was handed, and gives up again', () => {
  it('takes back what is unscheduled, and counts it no more', async () => {
    const world = await openRemoteFutureWorld()
    const [first = '', second = ''] = await world.approve('A', 'B')
    await world.tick()
    expect((await world.publishing.unschedule({ contentId: first })).status).toBe('approved')
    expect(world.there()).toEqual(['A draft', 'B future 11-03T10:00'])
    expect([await world.unit(first), await world.stores.publicationQueue.get(first)]).toEqual(['none', undefined])
    // What is handed over stays where it is; what comes next takes the free day.
    const [third = ''] = await world.approve('C')
    await world.tick()
    expect([await world.unit(second), await world.unit(third)]).toEqual([
      'handed-over 11-03T10:00',
      'handed-over 11-02T10:00',
    ])
    // As a draft it has no date that would hold it up.
    await world.account.content.publish(first)
    expect(world.itemOf('A')?.status).toBe('publish')
  })

  it('moves what is rescheduled, within the limits of its new day', async () => {
    const world = await openRemoteFutureWorld()
    const [first = '', second = ''] = await world.approve('A', 'B')
    await world.tick()
    const at = new Date('2026-11-03T15:00:00Z')
    await expect(world.publishing.reschedule({ contentId: first, at })).rejects.toMatchObject({
      code: 'PUBLISH_LIMIT_REACHED',
    })
    expect([await world.unit(first), world.itemOf('A')?.status]).toEqual(['handed-over 11-02T10:00', 'future'])
    await world.publishing.reschedule({ contentId: first, at: new Date('2026-11-04T15:00:00Z') })
    expect(await world.unit(first)).toBe('reserved 11-04T15:00')
    await world.tick()
    expect(world.there()).toEqual(['A future 11-04T15:00', 'B future 11-03T10:00'])
    await world.publishing.reschedule({ contentId: first, at: null })
    await world.tick()
    expect(world.there()).toEqual(['A future 11-02T10:00', 'B future 11-03T10:00'])
    await world.publishing.pin({ contentId: second, at: new Date('2026-11-02T18:00:00Z'), force: { reason: 'news' } })
    await world.tick()
    expect(world.there()).toEqual(['A future 11-02T10:00', 'B future 11-02T18:00'])
    expect((await world.stores.publications.find(second))?.forcedReason).toBe('news')
  })

  it('counts it where the site has it until the site has given it up, and goes on trying', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    world.platform.interfere.before = (call) => {
      if (call === 'content.update') throw unanswered()
    }
    const at = new Date('2026-11-05T10:00:00Z')
    await expect(world.publishing.reschedule({ contentId: id, at })).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(await world.unit(id)).toBe('handed-over 11-02T10:00')
    expect(await world.stores.publicationQueue.get(id)).toMatchObject({ status: 'recalled', pinnedAt: at })
    world.platform.interfere = {}
    await world.runFor(10 * minuteMs)
    expect([world.there(), await world.unit(id)]).toEqual([['A future 11-05T10:00'], 'handed-over 11-05T10:00'])
  })

  it('takes back what the settings allow no more, and plans it anew: but no pin, and nothing that somebody on the site has given its date', async () => {
    const world = await openRemoteFutureWorld()
    const [onMonday = '', , onSite = '', pinned = ''] = await world.approve('Mon', 'Tue', 'Theirs', 'Pin')
    await world.publishing.pin({ contentId: pinned, at: new Date('2026-11-09T20:00:00Z') })
    await world.tick()
    await world.clock.advance(minuteMs)
    world.editThere('Theirs', { publishedAt: new Date('2026-11-16T20:00:00Z') })
    await world.pull()
    const stay = ['Pin future 11-09T20:00', 'Theirs future 11-16T20:00']
    expect(world.there()).toEqual(['Mon future 11-02T10:00', ...stay, 'Tue future 11-03T10:00'].sort())

    const writes = world.written()
    await world.changeSettings({ publishDays: ['tue', 'wed'] })
    await world.tick()
    await world.tick()
    expect(world.written() - writes).toBe(2)
    expect(world.there()).toEqual(['Mon future 11-04T10:00', ...stay, 'Tue future 11-03T10:00'].sort())
    await world.changeSettings({ timezone: 'Asia/Tokyo' })
    await world.tick()
    await world.tick()
    expect(world.there()).toEqual(['Mon future 11-03T01:00', ...stay, 'Tue future 11-04T01:00'].sort())
    expect(await world.unit(onSite)).toBe('handed-over 11-16T20:00')

    await world.changeSettings({ autoPublishEnabled: false })
    await world.tick()
    expect(world.there()).toEqual(['Mon draft', ...stay, 'Tue draft'].sort())
    expect([await world.unit(onMonday), await world.statusOf(onMonday)]).toEqual(['none', 'scheduled'])
    await world.changeSettings({ autoPublishEnabled: true })
    await world.tick()
    expect(world.there()).toEqual(['Mon future 11-03T01:00', ...stay, 'Tue future 11-04T01:00'].sort())
  })

  it('leaves a slot that lasts past midnight its second half, and what is about to be published its date', async () => {
    const world = await openRemoteFutureWorld({ publishTimeSlots: [{ start: '22:00', end: '02:00' }] })
    await world.clock.advance(new Date('2026-11-02T23:50:00Z').getTime() - world.clock.now().getTime())
    const [id = ''] = await world.approve('Night')
    await world.tick()
    expect(world.there()).toEqual(['Night future 11-03T00:00'])
    const writes = world.written()
    await world.changeSettings({ publishDays: ['mon'] })
    await world.tick()
    expect([world.written(), await world.unit(id)]).toEqual([writes, 'handed-over 11-03T00:00'])
    await world.clock.advance(new Date('2026-11-02T23:59:00Z').getTime() - world.clock.now().getTime())
    await world.changeSettings({ autoPublishEnabled: false })
    await world.tick()
    await world.runFor(10 * minuteMs)
    expect([world.there(), await world.unit(id)]).toEqual([['Night publish 11-03T00:00'], 'published 11-03T00:00'])
  })

  it.each([
    {
      by: 'a pin',
      act: async ({ publishing, siteId }: RemoteFutureWorld, contentId: string) => {
        await publishing.pin({ contentId, at: new Date('2026-11-02T20:00:00Z') })
        await publishing.tick(siteId)
      },
      there: 'A future 11-02T20:00',
      left: 'queued',
    },
    {
      by: 'another tick',
      act: async ({ publishing, siteId }: RemoteFutureWorld) => {
        await publishing.tick(siteId)
      },
      there: 'A draft',
      left: 'queued',
    },
    {
      by: 'an unschedule that gets no answer',
      act: async (world: RemoteFutureWorld, contentId: string) => {
        failOnce(world, 'content.update', 'none')
        await world.publishing.unschedule({ contentId }).catch(() => undefined)
      },
      there: 'A draft',
      left: undefined,
    },
  ])('writes over nothing that $by has done between reading and writing', async ({ act, there, left }) => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    await world.changeSettings({ autoPublishEnabled: false })
    const pause = createPause('transaction')
    const storage = watchStorage(world.storage, pause.before)
    const other = await startWithFakePlatform({ started: false, beside: { ...world, storage } })
    const ticked = other.account.publishing.tick(world.siteId)
    await pause.reached
    await act(world, id)
    pause.go()
    await ticked
    await world.runFor(10 * minuteMs)
    expect([world.there(), (await world.stores.publicationQueue.get(id))?.status]).toEqual([[there], left])
  })

  it('stays scheduled where two processes take it back at once, and the first, which gets no answer, looks and plans it anew', async () => {
    const world = await openRemoteFutureWorld()
    const other = await startWithFakePlatform({ started: false, beside: world })
    const [id = ''] = await world.approve('A')
    await world.tick()
    await world.changeSettings({ autoPublishEnabled: false })
    loseAnswerOnce(world, 'content.update')
    await Promise.all([world.tick(), other.account.publishing.tick(world.siteId)])
    await world.tick()
    expect([world.there(), await world.statusOf(id)]).toEqual([['A draft'], 'scheduled'])
  })

  it('takes nothing back that is about to be published, or is', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    await world.clock.advance(new Date('2026-11-02T09:59:00Z').getTime() - world.clock.now().getTime())
    for (const call of [
      () => world.publishing.unschedule({ contentId: id }),
      () => world.publishing.reschedule({ contentId: id, at: null }),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'INVALID_TRANSITION' })
    await world.clock.advance(10 * minuteMs)
    // Its date is over, and nobody here has looked yet.
    await world.publishing.unschedule({ contentId: id })
    expect([world.itemOf('A')?.status, await world.unit(id)]).toEqual(['publish', 'published 11-02T10:00'])
  })

  it('takes back only what is to be taken back, whoever was told so before', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    const intents = world.stores.intents
    const intent = await intents.find(world.integration.id, id)
    if (intent === undefined) throw new Error('The create is watched for a day.')
    // A process that died left it open, and the content was handed over anew since.
    await intents.put({ ...intent, as: 'unschedule', finishedAt: null, version: intent.version + 1 })
    await world.account.sync.run({ integrationId: world.integration.id })
    expect([world.there(), await world.unit(id)]).toEqual([['A future 11-02T10:00'], 'handed-over 11-02T10:00'])
    expect((await intents.find(world.integration.id, id))?.finishedAt).not.toBeNull()
  })

  it('takes back what is not approved any more, and hands it over again as it is approved', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    const { version } = await world.account.content.get(id)
    await world.account.content.update({ contentId: id, version, changes: { title: 'Edited' } })
    expect(await world.unit(id)).toBe('handed-over 11-02T10:00')
    await world.tick()
    expect([world.there(), await world.unit(id), await world.statusOf(id)]).toEqual([['A draft'], 'none', 'review'])
    await world.account.content.approve(id)
    await world.tick()
    expect(world.there()).toEqual(['Edited future 11-02T10:00'])
    const again = await world.account.content.get(id)
    await world.account.content.update({ contentId: id, version: again.version, changes: { title: 'Twice' } })
    // Approved before anybody has taken it back: it goes out as it is now.
    await world.account.content.approve(id)
    await world.tick()
    expect(world.there()).toEqual(['Twice future 11-02T10:00'])
  })

  it.each([
    ['keep', ['A draft']],
    ['trash', ['A trash']],
    ['delete', []],
  ] as const)(
    'takes back what is removed here, before it is removed there as the site is set to: %s',
    async (deletions, left) => {
      const world = await openRemoteFutureWorld()
      const integrationId = world.integration.id
      await world.account.connections.update({ integrationId, changes: { config: { deletions } } })
      const [id = ''] = await world.approve('A')
      await world.tick()
      await world.account.content.remove(id)
      await world.tick()
      expect([world.there(), await world.unit(id)]).toEqual([['A draft'], 'none'])
      expect((await world.publishing.queue({ siteId: world.siteId })).items).toEqual([])
      await world.account.sync.run({ integrationId })
      expect(world.there()).toEqual(left)
      expect((await world.account.content.get(id)).removedAt).not.toBeNull()
    },
  )

  it('takes back what was removed here while the site did not answer', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    await world.account.content.remove(id)
    loseAnswerOnce(world, 'content.update')
    await world.tick()
    await world.account.sync.run({ integrationId: world.integration.id })
    await world.runFor(2 * dayMs, 5 * minuteMs)
    expect([world.there(), await world.unit(id)]).toEqual([['A draft'], 'none'])
    expect(await world.stores.publicationQueue.get(id)).toBeUndefined()
  })

  it('takes back what is rejected between the look-up of a hand-over without an answer and its settling', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    loseAnswerOnce(world, 'content.update')
    await world.tick()
    await world.account.sync.run({ integrationId: world.integration.id })
    expect([await world.statusOf(id), await world.unit(id)]).toEqual(['scheduled', 'verifying 11-02T10:00'])
    await world.account.content.reject(id)
    await world.runFor(10 * minuteMs)
    expect([world.there(), await world.unit(id), await world.statusOf(id)]).toEqual([['A draft'], 'none', 'draft'])
  })

  it('leaves no date behind where it is taken back', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    expect((await world.account.content.get(id)).publishedAt).toEqual(new Date('2026-11-02T10:00:00Z'))
    await world.account.content.reject(id)
    await world.runFor(10 * minuteMs)
    expect(await world.account.content.get(id)).toMatchObject({ status: 'draft', publishedAt: null })
  })

  it('takes back what is removed after a hand-over without an answer, though the site is never pulled again', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    world.platform.interfere.after = (call) => {
      if (call === 'content.update') throw unanswered()
    }
    await world.tick()
    expect([world.there(), await world.unit(id)]).toEqual([['A future 11-02T10:00'], 'verifying 11-02T10:00'])
    await world.account.content.remove(id)
    world.platform.interfere = {
      before: (call) => {
        if (call.startsWith('pull.')) throw unanswered()
      },
    }
    await world.runFor(10 * minuteMs)
    expect([world.there(), await world.unit(id)]).toEqual([['A draft'], 'none'])
  })

  it('takes back what is removed while it is handed over', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    world.platform.interfere.after = async (call) => {
      if (call !== 'content.update') return
      world.platform.interfere = {}
      await world.account.content.remove(id)
    }
    await world.tick()
    await world.tick()
    expect([world.there(), await world.unit(id)]).toEqual([['A draft'], 'none'])
  })

  it('takes back what is withdrawn while both sides have edited it, and leaves the edits to the person who decides', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    await world.clock.advance(minuteMs)
    world.platform.edit(world.itemOf('A')?.externalId ?? '', { title: 'Theirs' })
    const { version } = await world.account.content.get(id)
    await world.account.content.update({ contentId: id, version, changes: { title: 'Ours' } })
    await world.runFor(10 * minuteMs)
    expect([world.there(), await world.unit(id), await world.statusOf(id)]).toEqual([
      ['Theirs draft'],
      'none',
      'review',
    ])
    await world.account.sync.run({ integrationId: world.integration.id })
    const { items } = await world.account.conflicts.list({ status: 'open' })
    expect(items.map(({ fields }) => fields)).toEqual([[{ field: 'title', base: 'A', ours: 'Ours', theirs: 'Theirs' }]])
  })

  it('takes back what the host edits in tables of its own', async () => {
    const host = createMemoryStorage()
    await host.migrate()
    const { content } = host.forAccount('acct')
    const storage = combineStorage({
      storage: createMemoryStorage(),
      forAccount: () => ({ content }),
      transaction: 'none',
    })
    const world = await openRemoteFutureWorld({}, storage)
    const [id = ''] = await world.approve('A')
    await world.tick()
    const row = await content.get(id)
    if (row === undefined) throw new Error('The host has it.')
    const edited = { ...row, title: 'Edited', version: row.version + 1, updatedAt: world.clock.now() }
    await content.update(edited, row.version)
    await world.account.sync.run({ integrationId: world.integration.id })
    await world.tick()
    expect([world.there(), await world.unit(id), await world.statusOf(id)]).toEqual([['A draft'], 'none', 'review'])
  })

  it('lets a person publish at once what the site has', async () => {
    const world = await openRemoteFutureWorld()
    const [first = '', second = ''] = await world.approve('A', 'B')
    await world.tick()
    expect((await world.publishing.publishNow({ contentId: first })).outcome).toBe('published')
    await world.account.content.publish(second)
    const now = world.clock.now().toISOString().slice(5, 16)
    expect(world.there()).toEqual([`A publish ${now}`, `B publish ${now}`])
    expect([await world.unit(first), await world.unit(second)]).toEqual([`published ${now}`, `published ${now}`])
    expect((await world.publishing.queue({ siteId: world.siteId })).items).toEqual([])
  })
})
