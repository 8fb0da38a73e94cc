import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform, startWithFakePlatform } from '../core/connected-account.ts'
import { failOnce, loseAnswerOnce, openRemoteFutureWorld, unanswered } from './remote-future-world.ts'
import { createPause, watchStorage } from './watch-storage.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

describe('the mode remote-future', () => {
  it('hands planned items over with their dates, and settles what the site then publishes', async () => {
    const world = await openRemoteFutureWorld()
    const [first = '', second = ''] = await world.approve('A', 'B')
    expect(await world.tick()).toMatchObject({ 'handed-over': 2, published: 0 })
    expect(world.there()).toEqual(['A future 11-02T10:00', 'B future 11-03T10:00'])
    expect([await world.unit(first), await world.unit(second)]).toEqual([
      'handed-over 11-02T10:00',
      'handed-over 11-03T10:00',
    ])
    expect(await world.statusOf(first)).toBe('scheduled')
    const { items } = await world.publishing.preview(world.siteId)
    expect(items.map(({ state, local }) => [state, local])).toEqual([
      ['handed-over', '2026-11-02T10:00:00+00:00'],
      ['handed-over', '2026-11-03T10:00:00+00:00'],
    ])
    expect((await world.publishing.explain(first)).text).toBe(
      'The site has it, and publishes it by itself at this time.',
    )
    const calendar = await world.publishing.calendar({ siteId: world.siteId, year: 2026, month: 11 })
    expect(calendar[2]?.items).toMatchObject([{ contentId: second, state: 'handed-over' }])

    const writes = world.written()
    await world.runFor(2 * dayMs, 5 * minuteMs)
    expect(world.there()).toEqual(['A publish 11-02T10:00', 'B publish 11-03T10:00'])
    expect(world.written()).toBe(writes)
    expect([await world.statusOf(first), await world.unit(first)]).toEqual(['published', 'published 11-02T10:00'])
    expect((await world.publishing.queue({ siteId: world.siteId })).items).toEqual([])
    expect(world.events.filter(({ type }) => type === 'content.handed_over')).toHaveLength(2)
    expect(world.events.filter(({ type }) => type === 'content.published')).toHaveLength(2)
  })

  it('leaves what is due in minutes to the scheduler, and what is further away than a month to the plan', async () => {
    const world = await openRemoteFutureWorld({
      publishTimeSlots: null,
      dailyPublishLimit: null,
      monthlyPublishLimit: 1,
    })
    const [, , later = ''] = await world.approve('Now', 'Next month', 'In two months')
    await world.runFor(minuteMs)
    expect(world.there()).toEqual(['Next month future 12-01T00:00', expect.stringMatching(/^Now publish/)])
    expect(await world.unit(later)).toBe('none')
    const { items } = await world.publishing.preview(world.siteId)
    expect(items.map(({ state }) => state)).toEqual(['handed-over', 'planned'])
  })

  it('hands over a part at a time: other sites wait no longer for a queue that is long', async () => {
    const none = { dailyPublishLimit: null, weeklyPublishLimit: null, monthlyPublishLimit: null }
    const world = await openRemoteFutureWorld({ ...none, publishTimeSlots: [{ start: '10:00', end: '20:00' }] })
    await world.approve(...Array.from({ length: 30 }, (_, index) => `Of many ${index}`))
    expect((await world.tick())['handed-over']).toBe(25)
    expect((await world.igny8.runDue()).sitesPublished).toBe(1)
    expect(world.there().filter((item) => item.includes('future'))).toHaveLength(30)
  })

  it('publishes while nothing runs here, and counts it when it comes back', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    await world.clock.advance(40 * dayMs)
    await world.tick()
    expect([await world.statusOf(id), await world.unit(id)]).toEqual(['published', 'published 11-02T10:00'])
  })

  it('says so where the site does not publish what is due, and publishes nothing a second time', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    world.platform.publishesDue = false
    const writes = world.written()
    await world.runFor(3 * hourMs, 5 * minuteMs)
    const { items } = await world.publishing.preview(world.siteId)
    expect(items[0]).toMatchObject({ state: 'handed-over', warnings: [{ code: 'SITE_OVERDUE' }] })
    expect(world.written()).toBe(writes)
    world.platform.publishesDue = true
    await world.runFor(2 * hourMs, 5 * minuteMs)
    expect(await world.unit(id)).toBe('published 11-02T10:00')
  })

  it('takes over a date that somebody sets on the site, also past a limit', async () => {
    const world = await openRemoteFutureWorld()
    const [first = '', second = ''] = await world.approve('A', 'B')
    await world.tick()
    await world.clock.advance(minuteMs)
    world.editThere('A', { publishedAt: new Date('2026-11-03T16:00:00Z') })
    await world.pull()
    expect(await world.unit(first)).toBe('handed-over 11-03T16:00')
    const [third = ''] = await world.approve('C')
    await world.tick()
    expect([await world.unit(second), await world.unit(third)]).toEqual([
      'handed-over 11-03T10:00',
      'handed-over 11-02T10:00',
    ])
    await world.runFor(2 * dayMs, 5 * minuteMs)
    expect(await world.unit(first)).toBe('published 11-03T16:00')
  })

  it('lets go of what somebody on the site makes a draft again, or publishes at once', async () => {
    const world = await openRemoteFutureWorld()
    const [first = '', second = ''] = await world.approve('A', 'B')
    await world.tick()
    await world.clock.advance(minuteMs)
    world.editThere('A', { status: 'draft', state: 'draft', publishedAt: null })
    const at = world.clock.now()
    world.editThere('B', { status: 'publish', state: 'published', publishedAt: at })
    await world.pull()
    expect([await world.unit(first), await world.statusOf(first)]).toEqual(['none', 'draft'])
    expect(await world.unit(second)).toBe(`published ${at.toISOString().slice(5, 16)}`)
    expect((await world.publishing.queue({ siteId: world.siteId })).items).toEqual([])
  })

  it('settles nothing by what was seen of an earlier hand-over', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    await world.clock.advance(2 * dayMs)
    world.editThere('A', { status: 'trash', state: 'trashed', publishedAt: null })
    const pause = createPause('transaction')
    const storage = watchStorage(world.storage, pause.before)
    const other = await startWithFakePlatform({ started: false, beside: { ...world, storage } })
    const ticked = other.account.publishing.tick(world.siteId)
    await pause.reached
    await world.tick()
    world.editThere('A', { status: 'draft', state: 'draft' })
    await world.pull()
    await world.account.content.approve(id)
    await world.tick()
    const unit = await world.unit(id)
    pause.go()
    await ticked
    expect([unit, await world.unit(id)]).toEqual(['handed-over 11-04T10:00', 'handed-over 11-04T10:00'])
  })

  it('looks up a hand-over without an answer, holds its quota until then, and never repeats it', async () => {
    const world = await openRemoteFutureWorld()
    const [first = ''] = await world.approve('A', 'B')
    loseAnswerOnce(world, 'content.update')
    expect(await world.tick()).toMatchObject({ verifying: 1, 'handed-over': 1 })
    expect(await world.unit(first)).toBe('verifying 11-02T10:00')
    expect(world.there()).toEqual(['A future 11-02T10:00', 'B future 11-03T10:00'])
    const writes = world.written()
    await world.runFor(10 * minuteMs)
    expect(await world.unit(first)).toBe('handed-over 11-02T10:00')
    expect(world.written()).toBe(writes)
  })

  it('keeps its place in the plan where a hand-over fails, and gives the quota back in between', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    let failures = 2
    world.platform.interfere.before = (call) => {
      if (call === 'content.update' && failures-- > 0)
        throw new Igny8Error({ code: 'RATE_LIMITED', message: 'Slow down.', retryable: true })
    }
    expect(await world.tick()).toMatchObject({ retrying: 1 })
    expect(await world.unit(id)).toBe('none')
    expect((await world.publishing.preview(world.siteId)).items[0]?.local).toBe('2026-11-02T10:00:00+00:00')
    await world.runFor(10 * minuteMs)
    expect(world.there()).toEqual(['A future 11-02T10:00'])
  })

  it('sends no date that was decided long ago: another process may have moved it since', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    world.platform.interfere.before = async (call) => {
      if (call !== 'content.update') return
      world.platform.interfere = {}
      await world.clock.advance(30_000)
    }
    expect(await world.tick()).toMatchObject({ retrying: 1 })
    expect([world.there(), await world.unit(id)]).toEqual([['A draft'], 'none'])
    await world.runFor(10 * minuteMs)
    expect(world.there()).toEqual(['A future 11-02T10:00'])
  })

  it('is not published early by an attempt from before it was to be handed over', async () => {
    const world = await openRemoteFutureWorld()
    const [id = ''] = await world.approve('A')
    const { intents } = world.stores
    world.platform.interfere.after = (call) => {
      if (call !== 'content.create') return
      // It dies with its draft made, and nothing is known of the rest.
      world.platform.interfere.before = () => {
        throw unanswered()
      }
    }
    await world.tick()
    const intent = await intents.find(world.integration.id, id)
    if (intent === undefined) throw new Error('An intent is written before a request leaves.')
    await intents.put({ ...intent, as: 'publish', version: intent.version + 1 })
    world.platform.interfere = {}
    await world.clock.advance(new Date('2026-11-02T09:59:10Z').getTime() - world.clock.now().getTime())
    await world.account.sync.run({ integrationId: world.integration.id }).catch(() => undefined)
    expect(world.there()).toEqual(['A draft'])
    await world.runFor(20 * minuteMs)
    expect(world.there()).toEqual([expect.stringMatching(/^A publish 11-02T10:/)])
  })

  it('hands over what an attempt to publish at once has left behind, though its first request got no answer', async () => {
    const world = await openRemoteFutureWorld({ count: 'library' })
    const [id = ''] = await world.approve('A')
    failOnce(world, 'content.update', 'none')
    expect(await world.publishing.publishNow({ contentId: id })).toMatchObject({ outcome: 'retrying' })
    failOnce(world, 'content.get', 'unknown')
    const at = new Date('2026-11-04T12:00:00Z')
    await world.publishing.reschedule({ contentId: id, at })
    await world.runFor(30 * minuteMs)
    expect([world.there(), await world.unit(id)]).toEqual([['A future 11-04T12:00'], 'handed-over 11-04T12:00'])
  })

  it('hands pins over as well, also where nothing is published by itself', async () => {
    const world = await openRemoteFutureWorld({ autoPublishEnabled: false })
    const [id = ''] = await world.approve('A')
    await world.publishing.pin({ contentId: id, at: new Date('2026-11-02T20:00:00Z') })
    await world.tick()
    expect(world.there()).toEqual(['A future 11-02T20:00'])
  })

  it('is refused where the platform cannot publish by itself, and not used where one comes to the site later', async () => {
    const world = await connectToFakePlatform({ started: false, futureDates: false })
    const { settings } = world.account.publishing
    const siteId = world.site.id
    await settings.getOrCreateForSite(siteId)
    const changes = { mode: 'remote-future' } as const
    await expect(settings.update({ siteId, version: 1, changes })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      details: { field: 'mode', platform: 'fake' },
    })
    expect((await settings.get(siteId)).mode).toBe('tick')
    const stores = world.storage.forAccount('acct')
    const stored = await settings.get(siteId)
    await stores.publishingSettings.update(
      { ...stored, mode: 'remote-future', autoPublishEnabled: true, version: 2 },
      1,
    )
    const { id } = await approvedContent(world)
    await world.account.publishing.pin({ contentId: id, at: new Date(world.clock.now().getTime() + dayMs) })
    await world.account.publishing.tick(siteId)
    expect((await stores.publications.find(id))?.status).toBe('reserved')
  })

  it('is refused for several integrations, and not used where another comes later: only one of them could give up what is taken back', async () => {
    const world = await openRemoteFutureWorld()
    await world.approve('A')
    const stored = await world.stores.integrations.get(world.integration.id)
    if (stored === undefined) throw new Error('It is connected.')
    await world.stores.integrations.insert({ ...stored, id: 'second', externalSiteUrl: 'https://second.example' })
    expect(await world.tick()).toMatchObject({ 'handed-over': 0 })
    const { version } = await world.publishing.settings.get(world.siteId)
    await expect(
      world.publishing.settings.update({ siteId: world.siteId, version, changes: { mode: 'remote-future' } }),
    ).rejects.toMatchObject({ code: 'UNSUPPORTED', details: { field: 'mode', integrations: 2 } })
  })
})
