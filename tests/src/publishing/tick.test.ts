import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { approvedContent } from '../core/connected-account.ts'
import { openPublishingWorld } from './publishing-world.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const failure = (code: string, rest: Partial<ConstructorParameters<typeof Igny8Error>[0]> = {}) =>
  new Igny8Error({ code, message: `It failed with ${code}.`, ...rest })

describe('the publishing tick', () => {
  it('publishes approved content of an automatic site where the preview says so, within the limits', async () => {
    const world = await openPublishingWorld({
      dailyPublishLimit: 2,
      publishTimeSlots: [{ start: '10:00', end: '12:00' }],
    })
    const ids = await world.approve('A', 'B', 'C')
    expect(await world.statusOf(ids[0] ?? '')).toBe('scheduled')
    const preview = await world.publishing.preview(world.siteId)
    await world.runFor(2 * dayMs, 5 * minuteMs)
    const expected = ['A', 'B', 'C'].map((title, index) => ({
      title,
      at: preview.items[index]?.at?.toISOString().slice(5, 16),
    }))
    expect(world.live()).toEqual(expected)
    expect(expected.map(({ at }) => at)).toEqual(['11-02T10:00', '11-02T10:15', '11-03T10:00'])
    expect(await world.statusOf(ids[2] ?? '')).toBe('published')
    expect((await world.publishing.queue({ siteId: world.siteId })).items).toEqual([])
    expect((await world.stores.publications.find(ids[0] ?? ''))?.status).toBe('published')
  })

  it('keeps the points where ticks come seconds late and the gap is the distance of two points', async () => {
    const world = await openPublishingWorld({
      dailyPublishLimit: null,
      minGapMinutes: 15,
      publishTimeSlots: [{ start: '10:00', end: '12:00' }],
    })
    await world.approve('A', 'B', 'C')
    await world.clock.advance(new Date('2026-11-02T09:59:07Z').getTime() - world.clock.now().getTime())
    await world.runFor(hourMs)
    expect(world.live().map(({ at }) => at)).toEqual(['11-02T10:00', '11-02T10:15', '11-02T10:30'])
  })

  it.each([
    ['before the draft', 'content.create'],
    ['after the draft', 'content.update'],
  ])('publishes nothing that was taken off the queue after an attempt that failed %s', async (_when, refused) => {
    const world = await openPublishingWorld()
    const [id = ''] = await world.approve('A')
    world.platform.interfere.before = (call) => {
      if (call === refused) throw failure('RATE_LIMITED', { effect: 'none', retryable: true })
    }
    expect(await world.publishing.tick(world.siteId)).toMatchObject({ retrying: 1 })
    world.platform.interfere = {}
    await world.publishing.unschedule({ contentId: id })
    await world.account.sync.run({ integrationId: world.integration.id })
    await world.runFor(hourMs)
    await world.account.sync.run({ integrationId: world.integration.id })
    expect([world.live(), await world.statusOf(id)]).toEqual([[], 'approved'])
    await world.account.content.publish(id)
    expect(world.live()).toMatchObject([{ title: 'A' }])
    expect(world.platform.items.size).toBe(1)
  })

  it.each([
    ['removed', 'review'],
    ['edited', 'published'],
  ])(
    'counts what the site published without an answer, though it was %s here before that was known',
    async (done, status) => {
      const world = await openPublishingWorld({ dailyPublishLimit: 1 })
      const [id = ''] = await world.approve('A', 'B')
      world.platform.interfere.after = (call) => {
        if (call === 'content.update') throw failure('TIMEOUT', { effect: 'unknown', retryable: true })
      }
      await world.publishing.tick(world.siteId)
      const { content } = world.account
      if (done === 'removed') await content.remove(id)
      else
        await content.update({
          contentId: id,
          version: (await content.get(id)).version,
          changes: { title: 'A, edited' },
        })
      // The whole site is never read again.
      world.platform.interfere = {
        before: (call) => {
          if (call.startsWith('pull.')) throw failure('TIMEOUT', { effect: 'none', retryable: true })
        },
      }
      await world.runFor(hourMs)
      expect([(await world.stores.publications.find(id))?.status, await world.statusOf(id)]).toEqual([
        'published',
        status,
      ])
      expect(await world.stores.publicationQueue.get(id)).toBeUndefined()
      expect(world.live()).toMatchObject([{ title: 'A' }])
    },
  )

  it('publishes nothing that was edited during an attempt that failed, though it is approved again', async () => {
    const world = await openPublishingWorld()
    const [id = ''] = await world.approve('A')
    world.platform.interfere.before = async (call) => {
      if (call !== 'content.update') return
      const { version } = await world.account.content.get(id)
      await world.account.content.update({ contentId: id, version, changes: { title: 'B' } })
      throw failure('RATE_LIMITED', { effect: 'none', retryable: true })
    }
    expect(await world.publishing.tick(world.siteId)).toMatchObject({ dropped: 1 })
    world.platform.interfere = {}
    const { siteId } = world
    await world.publishing.settings.update({ siteId, version: 2, changes: { autoPublishEnabled: false } })
    await world.account.content.approve(id)
    await world.account.sync.run({ integrationId: world.integration.id })
    expect([world.live(), await world.statusOf(id)]).toEqual([[], 'approved'])
  })

  it('leaves content alone where auto-publish is off, and what came from the site', async () => {
    const world = await openPublishingWorld({ autoPublishEnabled: false })
    const [id = ''] = await world.approve('A')
    await world.runFor(hourMs)
    expect([world.live(), await world.statusOf(id)]).toEqual([[], 'approved'])
  })

  it('approves what waits for review by itself, where the settings say so', async () => {
    const world = await openPublishingWorld({ autoApprovalEnabled: true })
    const draft = await world.account.content.create({
      siteId: world.siteId,
      type: 'post',
      title: 'A',
      body: '<p>A</p>',
    })
    const left = await world.account.content.create({
      siteId: world.siteId,
      type: 'post',
      title: 'B',
      body: '<p>B</p>',
    })
    await world.account.content.submit(draft.id)
    await world.runFor(hourMs)
    expect(world.live().map(({ title }) => title)).toEqual(['A'])
    expect(await world.statusOf(left.id)).toBe('draft')
  })

  it('tries again after a failure that passes, and gives the quota back in between', async () => {
    const world = await openPublishingWorld()
    const [id = ''] = await world.approve('A')
    let failures = 2
    world.platform.interfere.before = (call) => {
      if (call === 'content.update' && failures-- > 0) throw failure('RATE_LIMITED', { retryable: true })
    }
    await world.runFor(0)
    const between = await world.stores.publicationQueue.get(id)
    expect(between).toMatchObject({ status: 'retrying', attempts: 1, lastErrorCode: 'RATE_LIMITED' })
    expect(await world.stores.publications.find(id)).toBeUndefined()
    expect(await world.statusOf(id)).toBe('scheduled')
    await world.runFor(10 * minuteMs)
    expect(world.live().map(({ title }) => title)).toEqual(['A'])
  })

  it('does not let a sync publish what waits for its next attempt', async () => {
    const world = await openPublishingWorld({ publishTimeSlots: [{ start: '10:00', end: '10:01' }] })
    const [id = ''] = await world.approve('A')
    let failures = 1
    world.platform.interfere.before = (call) => {
      if (call === 'content.update' && failures-- > 0) throw failure('RATE_LIMITED', { retryable: true })
    }
    await world.runFor(hourMs + 5 * minuteMs)
    expect((await world.stores.publicationQueue.get(id))?.status).toBe('retrying')
    await world.account.sync.run({ integrationId: world.integration.id })
    expect([world.live(), await world.statusOf(id)]).toEqual([[], 'scheduled'])
    await world.runFor(dayMs, 5 * minuteMs)
    expect(world.live().map(({ title }) => title)).toEqual(['A'])
  })

  it('gives up on a failure for good, gives the quota back and tells; a person requeues it', async () => {
    const world = await openPublishingWorld()
    const [id = ''] = await world.approve('A')
    world.platform.interfere.before = (call) => {
      if (call === 'content.update') throw failure('REMOTE_REJECTED')
    }
    await world.runFor(20 * minuteMs)
    expect(await world.stores.publicationQueue.get(id)).toMatchObject({
      status: 'failed',
      lastErrorCode: 'REMOTE_REJECTED',
    })
    expect([await world.statusOf(id), await world.stores.publications.find(id)]).toEqual(['failed', undefined])
    expect(world.events.filter(({ type }) => type === 'content.publish_failed')).toHaveLength(1)
    world.platform.interfere = {}
    await world.publishing.requeue({ contentId: id })
    await world.runFor(30 * minuteMs)
    expect(world.live().map(({ title }) => title)).toEqual(['A'])
  })

  it.each(['before', 'after'] as const)(
    'holds the quota while nobody knows whether the site published (%s its work), and tries nothing twice itself',
    async (when) => {
      const world = await openPublishingWorld({ dailyPublishLimit: 1 })
      const [id = '', second = ''] = await world.approve('A', 'B')
      let lost = 1
      world.platform.interfere[when] = (call) => {
        if (call === 'content.update' && lost-- > 0)
          throw failure('CONNECTION_FAILED', { effect: 'unknown', retryable: true })
      }
      await world.runFor(15 * minuteMs, 15_000)
      while ((await world.stores.publications.find(id)) === undefined) await world.runFor(15_000, 15_000)
      await world.runFor(2 * minuteMs, 15_000)
      expect([await world.statusOf(id), (await world.stores.publications.find(id))?.status]).toEqual([
        'published',
        'published',
      ])
      expect(world.live().map(({ title }) => title)).toEqual(['A'])
      expect(await world.statusOf(second)).toBe('scheduled')
    },
  )

  it('keeps the unit as one in doubt right after the answer was lost', async () => {
    const world = await openPublishingWorld()
    const [id = ''] = await world.approve('A')
    world.platform.interfere.before = (call) => {
      if (call === 'content.update') throw failure('TIMEOUT', { effect: 'unknown', retryable: true })
    }
    await world.clock.advance(15 * minuteMs)
    await world.publishing.tick(world.siteId)
    expect((await world.stores.publications.find(id))?.status).toBe('verifying')
    expect(await world.statusOf(id)).toBe('publishing')
    await expect(world.publishing.unschedule({ contentId: id })).rejects.toMatchObject({ code: 'INVALID_TRANSITION' })
    await expect(world.publishing.setPriority({ contentId: id, priority: 3 })).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    })
    // Whoever edits it now does not lose the unit: a look at the site decides.
    const { version } = await world.account.content.get(id)
    await world.account.content.update({ contentId: id, version, changes: { title: 'Other' } })
    world.platform.interfere = {}
    await world.runFor(5 * minuteMs)
    expect(await world.stores.publications.find(id)).toBeUndefined()
    expect([world.live(), await world.statusOf(id)]).toEqual([[], 'review'])
  })

  it('counts what a pull has seen to be out, whatever a person does to it before the scheduler looks', async () => {
    const world = await openPublishingWorld()
    const [id = ''] = await world.approve('A')
    world.platform.interfere.after = (call) => {
      if (call === 'content.update') throw failure('TIMEOUT', { effect: 'unknown', retryable: true })
    }
    await world.clock.advance(15 * minuteMs)
    await world.publishing.tick(world.siteId)
    world.platform.interfere = {}
    await world.account.sync.pull({ integrationId: world.integration.id })
    await world.account.content.remove(id)
    await world.account.content.restore(id)
    await world.account.content.approve(id)
    const { siteId, publishing } = world
    const { version } = await publishing.settings.get(siteId)
    await publishing.settings.update({ siteId, version, changes: { autoPublishEnabled: false } })
    await world.runFor(10 * minuteMs)
    expect((await world.stores.publications.find(id))?.status).toBe('published')
    expect(await world.stores.publicationQueue.get(id)).toBeUndefined()
    expect(world.live()).toHaveLength(1)
  })

  it('pauses the site where it refuses the credentials: no attempt is burned, nothing else is tried', async () => {
    const world = await openPublishingWorld()
    const [id = '', second = ''] = await world.approve('A', 'B')
    world.platform.interfere.before = () => {
      throw failure('AUTH_FAILED')
    }
    await world.clock.advance(15 * minuteMs)
    expect(await world.publishing.tick(world.siteId)).toMatchObject({ paused: 1 })
    const calls = world.platform.calls.length
    for (let round = 0; round < 4; round++) {
      await world.clock.advance(minuteMs)
      await world.publishing.pin({ contentId: second, at: world.clock.now() })
      await world.publishing.tick(world.siteId)
    }
    expect(world.platform.calls).toHaveLength(calls)
    expect(await world.stores.publicationQueue.get(id)).toMatchObject({ attempts: 0, lastErrorCode: 'AUTH_FAILED' })
    await world.igny8.runDue()
    expect(world.events.filter(({ type }) => type === 'publishing.paused')).toHaveLength(1)
    world.platform.interfere = {}
    await world.publishing.requeue({ contentId: id })
    await world.runFor(hourMs)
    expect(
      world
        .live()
        .map(({ title }) => title)
        .sort(),
    ).toEqual(['A', 'B'])
  })

  it('drops what was edited since it was approved, and reserves nothing for it', async () => {
    const world = await openPublishingWorld()
    const [id = ''] = await world.approve('A')
    await world.publishing.pin({ contentId: id, at: new Date(world.clock.now().getTime() + hourMs) })
    const { version } = await world.account.content.get(id)
    await world.account.content.update({ contentId: id, version, changes: { title: 'Edited' } })
    expect([await world.stores.publicationQueue.get(id), await world.stores.publications.find(id)]).toEqual([
      undefined,
      undefined,
    ])
    await world.runFor(2 * hourMs)
    expect([world.live(), await world.statusOf(id)]).toEqual([[], 'review'])
    await world.account.content.approve(id)
    await world.runFor(hourMs)
    expect(world.live().map(({ title }) => title)).toEqual(['Edited'])
  })
})

describe('pins and publish-now', () => {
  it('reserve when they are set; a full limit is named, and passed only with a recorded reason', async () => {
    const world = await openPublishingWorld({ autoPublishEnabled: false, dailyPublishLimit: 1 })
    const [first = '', second = ''] = await world.approve('A', 'B')
    const at = new Date(world.clock.now().getTime() + 2 * hourMs)
    await world.publishing.pin({ contentId: first, at })
    await expect(world.publishing.pin({ contentId: second, at })).rejects.toMatchObject({
      code: 'PUBLISH_LIMIT_REACHED',
      details: { period: 'daily', limit: 1, used: 1 },
    })
    expect(await world.stores.publicationQueue.get(second)).toBeUndefined()
    await world.publishing.pin({ contentId: second, at, force: { reason: 'press release' } })
    expect((await world.stores.publications.find(second))?.forcedReason).toBe('press release')
    await world.runFor(3 * hourMs)
    expect(
      world
        .live()
        .map(({ title }) => title)
        .sort(),
    ).toEqual(['A', 'B'])
    expect(world.live()[0]?.at).toBe('11-02T11:00')
  })

  it('a pin that is moved, or given up, gives its unit back', async () => {
    const world = await openPublishingWorld({ autoPublishEnabled: false, dailyPublishLimit: 1 })
    const [first = '', second = ''] = await world.approve('A', 'B')
    const at = new Date(world.clock.now().getTime() + 2 * hourMs)
    await world.publishing.pin({ contentId: first, at })
    await world.publishing.reschedule({ contentId: first, at: new Date(at.getTime() + dayMs) })
    await world.publishing.pin({ contentId: second, at })
    expect(await world.publishing.reschedule({ contentId: second, at: null })).toMatchObject({ pinnedAt: null })
    expect((await world.publishing.unschedule({ contentId: first })).status).toBe('approved')
    const since = new Date(at.getTime() - dayMs)
    expect(
      await world.stores.publications.listBetween(world.siteId, since, new Date(at.getTime() + 9 * dayMs)),
    ).toEqual([])
  })

  it('publish now costs no quota where only the scheduler counts, and one where all do', async () => {
    const world = await openPublishingWorld({ autoPublishEnabled: false, dailyPublishLimit: 1 })
    const [first = '', second = '', third = ''] = await world.approve('A', 'B', 'C')
    expect((await world.publishing.publishNow({ contentId: first })).outcome).toBe('published')
    expect(await world.stores.publications.find(first)).toBeUndefined()
    const { version } = await world.publishing.settings.get(world.siteId)
    await world.publishing.settings.update({ siteId: world.siteId, version, changes: { count: 'library' } })
    expect((await world.publishing.publishNow({ contentId: second })).content.status).toBe('published')
    await expect(world.publishing.publishNow({ contentId: third })).rejects.toMatchObject({
      code: 'PUBLISH_LIMIT_REACHED',
    })
    const forced = await world.publishing.publishNow({ contentId: third, force: { reason: 'now' } })
    expect(forced.outcome).toBe('published')
    expect(await world.stores.publications.find(third)).toMatchObject({ status: 'published', forcedReason: 'now' })
  })

  it('a push by hand is counted where all do, past the limit', async () => {
    const world = await openPublishingWorld({ autoPublishEnabled: false, count: 'library', dailyPublishLimit: 0 })
    const [id = ''] = await world.approve('A')
    await world.account.content.publish(id)
    expect((await world.stores.publications.find(id))?.status).toBe('published')
  })

  it('refuses to queue what is not approved, or was published before', async () => {
    const world = await openPublishingWorld({ autoPublishEnabled: false })
    const draft = await world.account.content.create({
      siteId: world.siteId,
      type: 'post',
      title: 'A',
      body: '<p>A</p>',
    })
    await expect(world.publishing.enqueue({ contentId: draft.id })).rejects.toMatchObject({ code: 'NOT_APPROVED' })
    const done = await approvedContent(world)
    await world.account.content.publish(done.id)
    await expect(world.publishing.enqueue({ contentId: done.id })).rejects.toMatchObject({ code: 'INVALID_TRANSITION' })
    await expect(world.publishing.enqueue({ contentId: 'unknown' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('higher priority goes first', async () => {
    const world = await openPublishingWorld({ publishTimeSlots: [{ start: '10:00', end: '12:00' }] })
    const [, second = ''] = await world.approve('A', 'B')
    await world.publishing.setPriority({ contentId: second, priority: 5 })
    await world.runFor(3 * hourMs)
    expect(world.live()).toEqual(
      [
        { title: 'A', at: '11-02T10:15' },
        { title: 'B', at: '11-02T10:00' },
      ].sort((left, right) => (left.at < right.at ? -1 : 1)),
    )
  })
})
