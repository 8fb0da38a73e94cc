import { combineStorage, Igny8Error, type Storage } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform } from '../core/connected-account.ts'
import { openPublishingWorld } from './publishing-world.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const slot = { start: '10:00', end: '12:00' }
const unanswered = () => new Igny8Error({ code: 'TIMEOUT', message: 'No answer.', effect: 'unknown', retryable: true })

async function openWorld(settings: Parameters<typeof openPublishingWorld>[0] = {}, storage?: Storage) {
  const world = await openPublishingWorld(
    { mode: 'remote-future', dailyPublishLimit: 1, publishTimeSlots: [slot], ...settings },
    storage,
  )
  const itemOf = (title: string) => [...world.platform.items.values()].find(({ fields }) => fields.title === title)
  return {
    ...world,
    itemOf,
    /** What the site holds: `A future 11-02T10:00`. */
    there: () =>
      [...world.platform.items.values()]
        .map(({ fields, status, publishedAt }) =>
          [fields.title, status, publishedAt?.toISOString().slice(5, 16)].join(' ').trim(),
        )
        .sort(),
    unit: async (id: string) => {
      const unit = await world.stores.publications.find(id)
      return unit === undefined ? 'none' : `${unit.status} ${unit.countedAt.toISOString().slice(5, 16)}`
    },
    /** Hands over what is planned. */
    tick: () => world.publishing.tick(world.siteId),
    /** Somebody on the site edits an item. */
    editThere(
      title: string,
      changes: { readonly status?: string; readonly state?: string; readonly publishedAt?: Date | null },
    ) {
      const item = itemOf(title)
      Object.assign(item ?? {}, changes, {
        modifiedAt: new Date(Math.floor(world.clock.now().getTime() / 1_000) * 1_000),
      })
    },
    pull: () => world.account.sync.pull({ integrationId: world.integration.id }),
    written: () => world.platform.calls.filter((call) => call === 'content.create' || call === 'content.update').length,
  }
}

/** The next call of this name fails before it does anything. */
function failOnce({ platform }: Awaited<ReturnType<typeof openWorld>>, name: string, effect: 'none' | 'unknown'): void {
  platform.interfere.before = (call) => {
    if (call !== name) return
    platform.interfere = {}
    throw new Igny8Error({ code: 'TIMEOUT', message: 'It fails.', effect, retryable: true })
  }
}

describe('the mode remote-future', () => {
  it('hands planned items over with their dates, and settles what the site then publishes', async () => {
    const world = await openWorld()
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
    const world = await openWorld({ publishTimeSlots: null, dailyPublishLimit: null, monthlyPublishLimit: 1 })
    const [, , later = ''] = await world.approve('Now', 'Next month', 'In two months')
    await world.runFor(minuteMs)
    expect(world.there()).toEqual(['Next month future 12-01T00:00', expect.stringMatching(/^Now publish/)])
    expect(await world.unit(later)).toBe('none')
    const { items } = await world.publishing.preview(world.siteId)
    expect(items.map(({ state }) => state)).toEqual(['handed-over', 'planned'])
  })

  it('hands over a part at a time: other sites wait no longer for a queue that is long', async () => {
    const none = { dailyPublishLimit: null, weeklyPublishLimit: null, monthlyPublishLimit: null }
    const world = await openWorld({ ...none, publishTimeSlots: [{ start: '10:00', end: '20:00' }] })
    await world.approve(...Array.from({ length: 30 }, (_, index) => `Of many ${index}`))
    expect((await world.tick())['handed-over']).toBe(25)
    expect((await world.igny8.runDue()).sitesPublished).toBe(1)
    expect(world.there().filter((item) => item.includes('future'))).toHaveLength(30)
  })

  it('publishes while nothing runs here, and counts it when it comes back', async () => {
    const world = await openWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    await world.clock.advance(40 * dayMs)
    await world.tick()
    expect([await world.statusOf(id), await world.unit(id)]).toEqual(['published', 'published 11-02T10:00'])
  })

  it('says so where the site does not publish what is due, and publishes nothing a second time', async () => {
    const world = await openWorld()
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

  it('takes back what is unscheduled, and counts it no more', async () => {
    const world = await openWorld()
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
    const world = await openWorld()
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
    const world = await openWorld()
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

  it('takes nothing back that is about to be published, or is', async () => {
    const world = await openWorld()
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

  it('takes over a date that somebody sets on the site, also past a limit', async () => {
    const world = await openWorld()
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
    const world = await openWorld()
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

  it('looks up a hand-over without an answer, holds its quota until then, and never repeats it', async () => {
    const world = await openWorld()
    const [first = ''] = await world.approve('A', 'B')
    world.platform.interfere.after = (call) => {
      if (call !== 'content.update') return
      world.platform.interfere = {}
      throw unanswered()
    }
    expect(await world.tick()).toMatchObject({ verifying: 1, 'handed-over': 1 })
    expect(await world.unit(first)).toBe('verifying 11-02T10:00')
    expect(world.there()).toEqual(['A future 11-02T10:00', 'B future 11-03T10:00'])
    const writes = world.written()
    await world.runFor(10 * minuteMs)
    expect(await world.unit(first)).toBe('handed-over 11-02T10:00')
    expect(world.written()).toBe(writes)
  })

  it('keeps its place in the plan where a hand-over fails, and gives the quota back in between', async () => {
    const world = await openWorld()
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
    const world = await openWorld()
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
    const world = await openWorld()
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

  it('takes back only what is to be taken back, whoever was told so before', async () => {
    const world = await openWorld()
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
    const world = await openWorld()
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
      const world = await openWorld()
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
    const world = await openWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    await world.account.content.remove(id)
    world.platform.interfere.after = (call) => {
      if (call !== 'content.update') return
      world.platform.interfere = {}
      throw unanswered()
    }
    await world.tick()
    await world.account.sync.run({ integrationId: world.integration.id })
    await world.runFor(2 * dayMs, 5 * minuteMs)
    expect([world.there(), await world.unit(id)]).toEqual([['A draft'], 'none'])
    expect(await world.stores.publicationQueue.get(id)).toBeUndefined()
  })

  it('takes back what is rejected between the look-up of a hand-over without an answer and its settling', async () => {
    const world = await openWorld()
    const [id = ''] = await world.approve('A')
    world.platform.interfere.after = (call) => {
      if (call !== 'content.update') return
      world.platform.interfere = {}
      throw unanswered()
    }
    await world.tick()
    await world.account.sync.run({ integrationId: world.integration.id })
    expect([await world.statusOf(id), await world.unit(id)]).toEqual(['scheduled', 'verifying 11-02T10:00'])
    await world.account.content.reject(id)
    await world.runFor(10 * minuteMs)
    expect([world.there(), await world.unit(id), await world.statusOf(id)]).toEqual([['A draft'], 'none', 'draft'])
  })

  it('hands over what an attempt to publish at once has left behind, though its first request got no answer', async () => {
    const world = await openWorld({ count: 'library' })
    const [id = ''] = await world.approve('A')
    failOnce(world, 'content.update', 'none')
    expect(await world.publishing.publishNow({ contentId: id })).toMatchObject({ outcome: 'retrying' })
    failOnce(world, 'content.get', 'unknown')
    const at = new Date('2026-11-04T12:00:00Z')
    await world.publishing.reschedule({ contentId: id, at })
    await world.runFor(30 * minuteMs)
    expect([world.there(), await world.unit(id)]).toEqual([['A future 11-04T12:00'], 'handed-over 11-04T12:00'])
  })

  it('leaves no date behind where it is taken back', async () => {
    const world = await openWorld()
    const [id = ''] = await world.approve('A')
    await world.tick()
    expect((await world.account.content.get(id)).publishedAt).toEqual(new Date('2026-11-02T10:00:00Z'))
    await world.account.content.reject(id)
    await world.runFor(10 * minuteMs)
    expect(await world.account.content.get(id)).toMatchObject({ status: 'draft', publishedAt: null })
  })

  it('takes back what is removed after a hand-over without an answer, though the site is never pulled again', async () => {
    const world = await openWorld()
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
    const world = await openWorld()
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
    const world = await openWorld()
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
    const world = await openWorld({}, storage)
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
    const world = await openWorld()
    const [first = '', second = ''] = await world.approve('A', 'B')
    await world.tick()
    expect((await world.publishing.publishNow({ contentId: first })).outcome).toBe('published')
    await world.account.content.publish(second)
    const now = world.clock.now().toISOString().slice(5, 16)
    expect(world.there()).toEqual([`A publish ${now}`, `B publish ${now}`])
    expect([await world.unit(first), await world.unit(second)]).toEqual([`published ${now}`, `published ${now}`])
    expect((await world.publishing.queue({ siteId: world.siteId })).items).toEqual([])
  })

  it('hands pins over as well, also where nothing is published by itself', async () => {
    const world = await openWorld({ autoPublishEnabled: false })
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
    const world = await openWorld()
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
