import { beforeAll, describe, expect, it } from 'vitest'
import type { Publication, QueueEntry } from '../model/publication.ts'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import { buildPublication, buildPublishingSettings, buildQueueEntry } from '../testing/build-publishing.ts'
import type { LocalZone } from './local-zone.ts'
import { openZone } from './open-zone.ts'
import { previewPublications } from './preview-publications.ts'
import type { PlanInput } from './publication-plan.ts'
import { createPublishingCalendar } from './publishing-calendar.ts'

/** A Monday, before nine. */
const now = new Date('2027-05-03T08:00:00-04:00')
const waiting = { approvedAt: new Date(now.getTime() - 60_000), createdAt: new Date(now.getTime() - 60_000) }
const at = (time: string) => new Date(`2027-05-${time}:00-04:00`)

let zone: LocalZone
beforeAll(async () => {
  zone = await openZone('America/New_York')
})

function inputOf(
  entries: readonly Partial<QueueEntry>[],
  settings: Partial<PublishingSettings> = {},
  ledger: readonly Publication[] = [],
): PlanInput {
  return {
    settings: buildPublishingSettings({
      autoPublishEnabled: true,
      updatedAt: new Date('2027-01-01'),
      dailyPublishLimit: 2,
      weeklyPublishLimit: 4,
      monthlyPublishLimit: 20,
      publishTimeSlots: [{ start: '09:00', end: '17:00' }],
      minGapMinutes: 60,
      ...settings,
    }),
    zone,
    queue: entries.map((entry, index) => buildQueueEntry({ ...waiting, ...entry }, index + 1)),
    ledger,
    now,
    seed: 'site',
  }
}

const row = (contentId: string, countedAt: Date, more: Partial<Publication> = {}) =>
  buildPublication({ contentId, countedAt, ...more })
const codes = (warnings: readonly { readonly code: string }[]) => warnings.map(({ code }) => code)

describe('a preview', () => {
  it('shows each with its instant, its slot and the quotas once it is published', () => {
    const published = [row('done', at('03T07:30'), { status: 'published' })]
    const { items, zone: name } = previewPublications(inputOf([{ contentId: 'a' }, { contentId: 'b' }], {}, published))
    expect(name).toBe('America/New_York')
    expect(items[0]).toEqual({
      contentId: 'a',
      state: 'planned',
      by: 'point',
      at: at('03T09:00'),
      local: '2027-05-03T09:00:00-04:00',
      slot: {
        day: '2027-05-03',
        slot: { start: '09:00', end: '17:00' },
        start: at('03T09:00'),
        end: at('03T17:00'),
      },
      quotas: [
        { period: 'daily', used: 2, limit: 2 },
        { period: 'weekly', used: 2, limit: 4 },
        { period: 'monthly', used: 2, limit: 20 },
      ],
      reason: 'The first free point in order, in the slot 09:00–17:00.',
      warnings: [],
    })
    expect(items[1]).toMatchObject({ at: at('04T09:00'), quotas: [{ used: 1 }, { used: 3 }, { used: 3 }] })
  })

  it('goes by priority, then approval, then id', () => {
    const earlier = new Date(waiting.approvedAt.getTime() - 60_000)
    const entries = [
      { contentId: 'd' },
      { contentId: 'c' },
      { contentId: 'b', approvedAt: earlier },
      { contentId: 'a', priority: 1 },
    ]
    const order = previewPublications(inputOf(entries)).items.map(({ contentId }) => contentId)
    expect(order).toEqual(['a', 'b', 'c', 'd'])
  })

  it('says of each what it is where it is not planned', () => {
    const entries = [
      { contentId: 'sent' },
      { contentId: 'asked' },
      { contentId: 'live' },
      { contentId: 'broken', status: 'failed' as const },
    ]
    const rows = [
      row('sent', at('03T07:00')),
      row('asked', at('03T07:10'), { status: 'verifying' }),
      row('live', at('03T07:20'), { status: 'published' }),
    ]
    const { items } = previewPublications(inputOf(entries, {}, rows))
    expect(items.map(({ contentId, state }) => [contentId, state]).toSorted()).toEqual([
      ['asked', 'verifying'],
      ['broken', 'failed'],
      ['live', 'published'],
      ['sent', 'claimed'],
    ])
  })

  it('says who a pin would move, and from where', () => {
    const entries = [{ contentId: 'a' }, { contentId: 'b' }, { contentId: 'c' }]
    const before = inputOf(entries)
    const pinned = inputOf([...entries, { contentId: 'd', pinnedAt: at('03T09:30') }])
    const { items } = previewPublications(pinned, { before })
    expect(
      items.filter((item) => 'movedFrom' in item).map(({ contentId, movedFrom, at: to }) => [contentId, movedFrom, to]),
    ).toEqual([
      ['a', at('03T09:00'), at('03T11:00')],
      ['b', at('03T10:00'), at('04T09:00')],
      ['c', at('04T09:00'), at('04T10:00')],
    ])
  })

  it('keeps a pin where a person set it, days, slots and gap or not, and says so', () => {
    const entries = [
      { contentId: 'a', pinnedAt: at('08T23:10') },
      { contentId: 'b', pinnedAt: at('08T23:20') },
    ]
    const rows = [row('a', at('08T23:10'), { pinned: true }), row('b', at('08T23:20'), { pinned: true })]
    const { items } = previewPublications(inputOf(entries, { publishDays: ['mon'], autoPublishEnabled: false }, rows))
    expect(items.map(({ at: when, by }) => [when, by])).toEqual([
      [at('08T23:10'), 'pin'],
      [at('08T23:20'), 'pin'],
    ])
    expect(codes(items[0]?.warnings ?? [])).toEqual(['PIN_WITHIN_GAP'])
  })

  it('lets late pins go one gap apart, into a new day only with its quota, and forced ones at once', () => {
    const late = { pinnedAt: at('02T20:00') }
    const entries = [
      { contentId: 'a', ...late },
      { contentId: 'b', ...late },
      { contentId: 'c', ...late },
    ]
    const rows = entries.map(({ contentId }) => row(contentId, at('02T20:00'), { pinned: true }))
    const { items } = previewPublications(inputOf(entries, {}, rows))
    expect(items.map(({ at: when }) => when)).toEqual([now, at('03T09:00'), at('04T00:00')])
    expect(items.map(({ warnings }) => codes(warnings))).toEqual([['PIN_MOVED'], ['PIN_MOVED'], ['PIN_MOVED']])
    const full = [row('x', at('03T06:00')), row('y', at('03T07:00'))]
    const forced = row('a', at('02T20:00'), { pinned: true, forcedReason: 'press release' })
    const plan = previewPublications(inputOf([{ contentId: 'a', ...late }], {}, [...full, forced]))
    expect(plan.items[0]?.at).toEqual(now)
  })

  it('warns of clocks that change over a slot', async () => {
    const spring = {
      ...inputOf([{}], { publishTimeSlots: [{ start: '02:15', end: '02:45' }] }),
      now: new Date('2027-03-14T05:00Z'),
    }
    const old = { approvedAt: new Date('2027-03-01'), createdAt: new Date('2027-03-01') }
    const queue = [buildQueueEntry(old)]
    expect(codes(previewPublications({ ...spring, queue }).items[0]?.warnings ?? [])).toEqual(['DST_SHIFTED'])
    const autumn = {
      ...inputOf([{}], { publishTimeSlots: [{ start: '01:15', end: '01:45' }] }),
      now: new Date('2027-11-07T04:00Z'),
    }
    expect(codes(previewPublications({ ...autumn, queue }).items[0]?.warnings ?? [])).toEqual(['DST_FOLD'])
  })

  it('warns of settings that cannot do what they say', async () => {
    const siteZone = await openZone('Europe/Berlin')
    const settings = { dailyPublishLimit: 9, weeklyPublishLimit: 57, minGapMinutes: 60 }
    expect(codes(previewPublications(inputOf([], settings), { siteZone }).warnings)).toEqual([
      'LIMIT_UNREACHABLE',
      'LIMIT_UNREACHABLE',
      'ZONE_DIFFERS_FROM_SITE',
    ])
    expect(codes(previewPublications(inputOf([], { dailyPublishLimit: 8, weeklyPublishLimit: 56 })).warnings)).toEqual(
      [],
    )
    expect(
      codes(
        previewPublications(
          inputOf([], {
            publishTimeSlots: [{ start: '09:00', end: '09:30' }],
            dailyPublishLimit: 1,
            monthlyPublishLimit: 17,
          }),
        ).warnings,
      ),
    ).toEqual(['SLOT_TOO_SMALL'])
    const none = previewPublications(inputOf([{}], { dailyPublishLimit: 0 }))
    expect([codes(none.warnings), none.items[0]?.state, codes(none.items[0]?.warnings ?? [])]).toEqual([
      ['NO_FEASIBLE_TIME'],
      'unplaced',
      ['NO_FEASIBLE_TIME'],
    ])
    expect(
      codes(
        previewPublications(inputOf([], { timezone: 'US/Eastern' }), { siteZone: await openZone('US/Eastern') })
          .warnings,
      ),
    ).toEqual([])
  })
})

describe('a calendar', () => {
  it('shows what was, is and will be published on the days of a month, in order of time', () => {
    const entries = [
      { contentId: 'next' },
      { contentId: 'broken', status: 'failed' as const, updatedAt: at('01T10:00') },
    ]
    const ledger = [
      row('done', at('02T23:59'), { status: 'published' }),
      row('before', new Date('2027-04-30T23:59:00-04:00'), { status: 'published' }),
    ]
    const days = createPublishingCalendar(inputOf(entries, {}, ledger), { year: 2027, month: 5 })
    expect(days).toHaveLength(31)
    expect([days[0]?.from, days[30]?.to]).toEqual([at('01T00:00'), new Date('2027-06-01T00:00:00-04:00')])
    const shown = days.flatMap(({ day, items }) => items.map(({ contentId, state }) => `${day} ${contentId} ${state}`))
    expect(shown).toEqual(['2027-05-01 broken failed', '2027-05-02 done published', '2027-05-03 next planned'])
    expect(days[2]?.items[0]).toMatchObject({
      local: '2027-05-03T09:00:00-04:00',
      quotas: [{ used: 1 }, { used: 1 }, { used: 2 }],
    })
  })
})
