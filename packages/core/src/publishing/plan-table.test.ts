import { describe, expect, it } from 'vitest'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import { buildPublication, buildPublishingSettings, buildQueueEntry } from '../testing/build-publishing.ts'
import { formatLocal } from './format-local.ts'
import { openZone } from './open-zone.ts'
import { planPublications } from './plan-publications.ts'

/** Local times at which `count` contents go, that all wait at `from`. */
interface Row {
  readonly what: string
  readonly zone: string
  /** An instant with its offset. */
  readonly from: string
  readonly settings: Partial<PublishingSettings>
  readonly count: number
  readonly goes: readonly string[]
}

const unlimited = { dailyPublishLimit: null, weeklyPublishLimit: null, monthlyPublishLimit: null }
const slot = (start: string, end: string) => ({ publishTimeSlots: [{ start, end }] })

const rows: readonly Row[] = [
  {
    what: 'New York, the hour that is missing (14 March 2027): a start in the gap comes an hour later',
    zone: 'America/New_York',
    from: '2027-03-13T12:00:00-05:00',
    settings: { ...unlimited, ...slot('02:30', '05:00'), minGapMinutes: 60 },
    count: 4,
    goes: [
      '2027-03-14T03:30:00-04:00',
      '2027-03-14T04:30:00-04:00',
      '2027-03-15T02:30:00-04:00',
      '2027-03-15T03:30:00-04:00',
    ],
  },
  {
    what: 'New York, a slot that is missing as a whole moves as a whole, for that date only',
    zone: 'America/New_York',
    from: '2027-03-13T12:00:00-05:00',
    settings: { ...unlimited, ...slot('02:15', '02:45') },
    count: 3,
    goes: ['2027-03-14T03:15:00-04:00', '2027-03-14T03:30:00-04:00', '2027-03-15T02:15:00-04:00'],
  },
  {
    what: 'New York, a slot whose rest ends before its shifted start moves as a whole',
    zone: 'America/New_York',
    from: '2027-03-14T00:00:00-05:00',
    settings: { ...unlimited, ...slot('02:30', '03:15') },
    count: 4,
    goes: [
      '2027-03-14T03:30:00-04:00',
      '2027-03-14T03:45:00-04:00',
      '2027-03-14T04:00:00-04:00',
      '2027-03-15T02:30:00-04:00',
    ],
  },
  {
    what: 'New York, an end in the gap is where the clocks jump',
    zone: 'America/New_York',
    from: '2027-03-14T00:00:00-05:00',
    settings: { ...unlimited, ...slot('01:30', '02:30') },
    count: 3,
    goes: ['2027-03-14T01:30:00-05:00', '2027-03-14T01:45:00-05:00', '2027-03-15T01:30:00-04:00'],
  },
  {
    what: 'New York, the hour that comes twice (7 November 2027): the first one, and only that',
    zone: 'America/New_York',
    from: '2027-11-07T00:00:00-04:00',
    settings: { ...unlimited, ...slot('01:15', '01:45') },
    count: 3,
    goes: ['2027-11-07T01:15:00-04:00', '2027-11-07T01:30:00-04:00', '2027-11-08T01:15:00-05:00'],
  },
  {
    what: 'New York, an end in the fold is the earlier one',
    zone: 'America/New_York',
    from: '2027-11-07T00:00:00-04:00',
    settings: { ...unlimited, ...slot('00:30', '01:30'), minGapMinutes: 30 },
    count: 3,
    goes: ['2027-11-07T00:30:00-04:00', '2027-11-07T01:00:00-04:00', '2027-11-08T00:30:00-05:00'],
  },
  {
    what: 'New York, a day of 25 hours is one day: its limit holds from midnight to midnight',
    zone: 'America/New_York',
    from: '2027-11-07T00:00:00-04:00',
    settings: { ...unlimited, dailyPublishLimit: 25, minGapMinutes: 60 },
    count: 26,
    goes: [
      ...['00', '01'].map((hour) => `2027-11-07T${hour}:00:00-04:00`),
      ...Array.from({ length: 23 }, (_, index) => `2027-11-07T${String(index + 1).padStart(2, '0')}:00:00-05:00`),
      '2027-11-08T00:00:00-05:00',
    ],
  },
  {
    what: 'New York, a day of 25 hours with a limit of 2',
    zone: 'America/New_York',
    from: '2027-11-07T00:00:00-04:00',
    settings: { ...unlimited, dailyPublishLimit: 2, minGapMinutes: 60, ...slot('23:00', '23:30') },
    count: 2,
    goes: ['2027-11-07T23:00:00-05:00', '2027-11-08T23:00:00-05:00'],
  },
  {
    what: 'Lord Howe, a gap of 30 minutes (3 October 2027)',
    zone: 'Australia/Lord_Howe',
    from: '2027-10-02T12:00:00+10:30',
    settings: { ...unlimited, ...slot('02:15', '03:00'), minGapMinutes: 15 },
    count: 2,
    goes: ['2027-10-03T02:45:00+11:00', '2027-10-04T02:15:00+11:00'],
  },
  {
    what: 'Lord Howe, a fold of 30 minutes (4 April 2027)',
    zone: 'Australia/Lord_Howe',
    from: '2027-04-04T00:00:00+11:00',
    settings: { ...unlimited, ...slot('01:45', '02:15') },
    count: 5,
    goes: [
      '2027-04-04T01:45:00+11:00',
      '2027-04-04T01:30:00+10:30',
      '2027-04-04T01:45:00+10:30',
      '2027-04-04T02:00:00+10:30',
      '2027-04-05T01:45:00+10:30',
    ],
  },
  {
    what: 'Samoa had no 30 December 2011',
    zone: 'Pacific/Apia',
    from: '2011-12-28T12:00:00-10:00',
    settings: { ...unlimited, ...slot('09:00', '10:00'), minGapMinutes: 60 },
    count: 3,
    goes: ['2011-12-29T09:00:00-10:00', '2011-12-31T09:00:00+14:00', '2012-01-01T09:00:00+14:00'],
  },
  {
    what: 'Samoa, Fridays only: the one that did not exist is passed over',
    zone: 'Pacific/Apia',
    from: '2011-12-24T12:00:00-10:00',
    settings: { ...unlimited, ...slot('09:00', '10:00'), publishDays: ['fri'] },
    count: 1,
    goes: ['2012-01-06T09:00:00+14:00'],
  },
  {
    what: 'Cairo has no midnight on 30 April 2027: the day begins at one',
    zone: 'Africa/Cairo',
    from: '2027-04-29T12:00:00+02:00',
    settings: { ...unlimited, publishDays: ['fri'], dailyPublishLimit: 2 },
    count: 3,
    goes: ['2027-04-30T01:00:00+03:00', '2027-04-30T01:15:00+03:00', '2027-05-07T00:00:00+03:00'],
  },
  {
    what: 'a slot past midnight belongs to the day on which it starts, its quota to the day of the instant',
    zone: 'Europe/Berlin',
    from: '2027-02-01T12:00:00+01:00',
    settings: {
      ...unlimited,
      dailyPublishLimit: 3,
      publishDays: ['fri'],
      ...slot('23:00', '01:00'),
      minGapMinutes: 30,
    },
    count: 5,
    goes: [
      '2027-02-05T23:00:00+01:00',
      '2027-02-05T23:30:00+01:00',
      '2027-02-06T00:00:00+01:00',
      '2027-02-06T00:30:00+01:00',
      '2027-02-12T23:00:00+01:00',
    ],
  },
  {
    what: 'a slot past midnight that runs into one of the next day: what they share counts once',
    zone: 'UTC',
    from: '2027-02-01T12:00:00+00:00',
    settings: {
      ...unlimited,
      publishTimeSlots: [
        { start: '01:00', end: '03:00' },
        { start: '23:00', end: '02:00' },
      ],
      minGapMinutes: 60,
    },
    count: 5,
    goes: [
      '2027-02-01T23:00:00+00:00',
      '2027-02-02T00:00:00+00:00',
      '2027-02-02T01:00:00+00:00',
      '2027-02-02T02:00:00+00:00',
      '2027-02-02T23:00:00+00:00',
    ],
  },
  {
    what: 'what is left of the next slot begins where the one past midnight ends',
    zone: 'UTC',
    from: '2027-02-01T12:00:00+00:00',
    settings: {
      ...unlimited,
      publishTimeSlots: [
        { start: '01:30', end: '03:00' },
        { start: '23:00', end: '02:00' },
      ],
      minGapMinutes: 60,
    },
    count: 5,
    goes: [
      '2027-02-01T23:00:00+00:00',
      '2027-02-02T00:00:00+00:00',
      '2027-02-02T01:00:00+00:00',
      '2027-02-02T02:00:00+00:00',
      '2027-02-02T23:00:00+00:00',
    ],
  },
  {
    what: 'the end of a month: a full month waits for the first, in any zone',
    zone: 'Pacific/Auckland',
    from: '2027-01-30T00:00:00+13:00',
    settings: { ...unlimited, monthlyPublishLimit: 2, ...slot('09:00', '09:15') },
    count: 5,
    goes: [
      '2027-01-30T09:00:00+13:00',
      '2027-01-31T09:00:00+13:00',
      '2027-02-01T09:00:00+13:00',
      '2027-02-02T09:00:00+13:00',
      '2027-03-01T09:00:00+13:00',
    ],
  },
  {
    what: 'the end of February in a leap year',
    zone: 'Europe/London',
    from: '2028-02-29T00:00:00+00:00',
    settings: { ...unlimited, monthlyPublishLimit: 1 },
    count: 2,
    goes: ['2028-02-29T00:00:00+00:00', '2028-03-01T00:00:00+00:00'],
  },
  {
    what: 'weeks that start on Monday',
    zone: 'Europe/London',
    from: '2027-02-06T12:00:00+00:00',
    settings: { ...unlimited, weeklyPublishLimit: 1, ...slot('09:00', '09:15') },
    count: 2,
    goes: ['2027-02-07T09:00:00+00:00', '2027-02-08T09:00:00+00:00'],
  },
  {
    what: 'weeks that start on Sunday',
    zone: 'Europe/London',
    from: '2027-02-05T12:00:00+00:00',
    settings: { ...unlimited, weeklyPublishLimit: 1, weekStart: 'sun', ...slot('09:00', '09:15') },
    count: 3,
    goes: ['2027-02-06T09:00:00+00:00', '2027-02-07T09:00:00+00:00', '2027-02-14T09:00:00+00:00'],
  },
  {
    what: 'evenly: four over eight hours of two slots, the first half a step in',
    zone: 'UTC',
    from: '2027-02-01T00:00:00+00:00',
    settings: {
      ...unlimited,
      dailyPublishLimit: 4,
      distribution: 'even',
      publishTimeSlots: [
        { start: '08:00', end: '14:00' },
        { start: '20:00', end: '22:00' },
      ],
    },
    count: 5,
    goes: [
      '2027-02-01T09:00:00+00:00',
      '2027-02-01T11:00:00+00:00',
      '2027-02-01T13:00:00+00:00',
      '2027-02-01T21:00:00+00:00',
      '2027-02-02T09:00:00+00:00',
    ],
  },
  {
    what: 'evenly, without a daily limit: every hour',
    zone: 'UTC',
    from: '2027-02-01T00:00:00+00:00',
    settings: { ...unlimited, distribution: 'even' },
    count: 2,
    goes: ['2027-02-01T00:30:00+00:00', '2027-02-01T01:30:00+00:00'],
  },
  {
    what: 'evenly, but no closer than the gap',
    zone: 'UTC',
    from: '2027-02-01T00:00:00+00:00',
    settings: {
      ...unlimited,
      dailyPublishLimit: 9,
      distribution: 'even',
      minGapMinutes: 90,
      ...slot('10:00', '13:00'),
    },
    count: 3,
    goes: ['2027-02-01T10:45:00+00:00', '2027-02-01T12:15:00+00:00', '2027-02-02T10:45:00+00:00'],
  },
  {
    what: 'the spec as it comes: 5 a day, 20 a week',
    zone: 'UTC',
    from: '2027-02-01T00:00:00+00:00',
    settings: slot('09:00', '17:00'),
    count: 21,
    goes: [
      ...['01', '02', '03', '04'].flatMap((day) =>
        ['09:00', '09:15', '09:30', '09:45', '10:00'].map((time) => `2027-02-${day}T${time}:00+00:00`),
      ),
      '2027-02-08T09:00:00+00:00',
    ],
  },
]

describe('the plan of named days', () => {
  it.each(rows)('$what', async ({ zone: name, from, settings, count, goes }) => {
    const zone = await openZone(name)
    const now = new Date(from)
    const waiting = new Date(now.getTime() - 1)
    const plan = planPublications({
      settings: buildPublishingSettings({ autoPublishEnabled: true, updatedAt: waiting, ...settings }),
      zone,
      queue: Array.from({ length: count }, (_, index) =>
        buildQueueEntry({ approvedAt: waiting, createdAt: waiting }, index + 1),
      ),
      ledger: [],
      now,
      seed: 'site',
    })
    expect(plan.items.map(({ at }) => at && formatLocal(zone, at.getTime()))).toEqual(goes)
  })
})

describe('after three days of downtime', () => {
  const settings = buildPublishingSettings({
    autoPublishEnabled: true,
    updatedAt: new Date('2027-01-01'),
    dailyPublishLimit: 2,
    publishTimeSlots: [{ start: '09:00', end: '17:00' }],
    minGapMinutes: 60,
  })
  /** Waiting since Monday, when everything stopped before nine. */
  const queue = Array.from({ length: 7 }, (_, index) =>
    buildQueueEntry({ approvedAt: new Date('2027-02-01T08:00Z'), createdAt: new Date('2027-02-01T08:00Z') }, index + 1),
  )

  async function planFrom(now: string, changes: Partial<PublishingSettings> = {}, published: readonly string[] = []) {
    const { items } = planPublications({
      settings: { ...settings, ...changes },
      zone: await openZone('UTC'),
      queue,
      ledger: published.map((at, index) =>
        buildPublication({ status: 'published', countedAt: new Date(at) }, 100 + index),
      ),
      now: new Date(now),
      seed: 'site',
    })
    return items.map(({ at }) => at?.toISOString().slice(0, 16))
  }

  it('nothing is caught up in a burst: the limits of each day hold from now on', async () => {
    expect(await planFrom('2027-02-04T09:20Z')).toEqual([
      '2027-02-04T09:20',
      '2027-02-04T11:00',
      '2027-02-05T09:00',
      '2027-02-05T10:00',
      '2027-02-06T09:00',
      '2027-02-06T10:00',
      '2027-02-07T09:00',
    ])
  })

  it('what is later than half an hour takes the next point', async () => {
    expect((await planFrom('2027-02-04T09:31Z'))[0]).toBe('2027-02-04T10:00')
    expect((await planFrom('2027-02-04T09:30Z'))[0]).toBe('2027-02-04T09:30')
  })

  it('"immediate" goes at once inside the slot, however late, and "skip" never late', async () => {
    const rare = { minGapMinutes: 240 }
    expect((await planFrom('2027-02-04T12:00Z', rare))[0]).toBe('2027-02-04T13:00')
    expect((await planFrom('2027-02-04T12:00Z', { ...rare, catchUp: 'immediate' }))[0]).toBe('2027-02-04T12:00')
    expect((await planFrom('2027-02-04T18:00Z', { ...rare, catchUp: 'immediate' }))[0]).toBe('2027-02-05T09:00')
    expect((await planFrom('2027-02-04T09:03Z', { catchUp: 'skip' }))[0]).toBe('2027-02-04T10:00')
    expect((await planFrom('2027-02-04T09:02Z', { catchUp: 'skip' }))[0]).toBe('2027-02-04T09:00')
  })

  it('a point that was used, or that had no room when it came, is not caught up', async () => {
    expect((await planFrom('2027-02-04T09:20Z', { minGapMinutes: 0 }, ['2027-02-04T09:15:03Z']))[0]).toBe(
      '2027-02-04T09:30',
    )
    expect((await planFrom('2027-02-04T10:20Z', {}, ['2027-02-04T09:19Z']))[0]).toBe('2027-02-04T11:00')
  })

  it('what a tick two minutes late, or less, publishes keeps its point, and moves nobody', async () => {
    const exactly = await planFrom('2027-02-04T09:00:00Z', { minGapMinutes: 15 })
    for (const late of ['09:00:07', '09:01:59', '09:02:00'])
      expect(await planFrom(`2027-02-04T${late}Z`, { minGapMinutes: 15 })).toEqual(exactly)
    const rest = await planFrom('2027-02-04T09:15:07Z', { minGapMinutes: 15 }, ['2027-02-04T09:00Z'])
    expect(rest[0]).toBe('2027-02-04T09:15')
    // Later than that, the instant of sending is what counts, and the gap holds from there.
    expect((await planFrom('2027-02-04T09:02:01Z', { minGapMinutes: 15 })).slice(0, 2)).toEqual([
      '2027-02-04T09:02',
      '2027-02-04T09:30',
    ])
  })

  it('what is on time is of the same date and still in its slot', async () => {
    const night = { publishTimeSlots: [{ start: '23:59', end: '00:30' }], minGapMinutes: 15 }
    expect((await planFrom('2027-02-05T00:00:30Z', night))[0]).toBe('2027-02-05T00:00')
    expect((await planFrom('2027-02-05T00:00:30Z', { ...night, catchUp: 'skip' }))[0]).toBe('2027-02-05T00:14')
    const short = { publishTimeSlots: [{ start: '09:00', end: '09:01' }] }
    expect((await planFrom('2027-02-04T09:00:59Z', short))[0]).toBe('2027-02-04T09:00')
    expect((await planFrom('2027-02-04T09:01:00Z', short))[0]).toBe('2027-02-05T09:00')
  })

  it('what was not waiting yet when a point came takes the next', async () => {
    const late = [
      buildQueueEntry({ approvedAt: new Date('2027-02-04T09:05Z'), createdAt: new Date('2027-02-04T09:05Z') }),
    ]
    const input = { settings, zone: await openZone('UTC'), queue: late, ledger: [], seed: 'site' }
    const [item] = planPublications({ ...input, now: new Date('2027-02-04T09:10Z') }).items
    expect(item?.at?.toISOString()).toBe('2027-02-04T10:00:00.000Z')
  })
})

describe('a pin', () => {
  const at = (time: string) => new Date(`2027-02-04T${time}Z`)
  const settings = buildPublishingSettings({ autoPublishEnabled: true, minGapMinutes: 15, dailyPublishLimit: 2 })

  /** Two pins, of 09:05 and 09:06, that hold their units or not. */
  async function planFrom(now: string, isHeld: boolean, published: readonly Date[] = []) {
    const pins = ['09:05', '09:06'].map((time, index) =>
      buildQueueEntry({ pinnedAt: at(time), approvedAt: at('08:00'), createdAt: at('08:00') }, index + 1),
    )
    const held = pins.map(({ contentId, pinnedAt }, index) =>
      buildPublication({ contentId, pinned: true, countedAt: pinnedAt ?? at('00:00') }, index + 1),
    )
    const done = published.map((countedAt, index) => buildPublication({ status: 'published', countedAt }, 100 + index))
    const ledger = [...(isHeld ? held : []), ...done]
    const { items } = planPublications({
      settings,
      zone: await openZone('UTC'),
      queue: pins,
      ledger,
      now: at(now),
      seed: 'site',
    })
    return items.map((item) => item.at?.toISOString().slice(5, 19))
  }

  it('that is two minutes late, or less, keeps its instant; later ones go now, one gap after the other', async () => {
    expect(await planFrom('09:07:00', true)).toEqual(['02-04T09:05:00', '02-04T09:06:00'])
    expect(await planFrom('09:07:30', true)).toEqual(['02-04T09:21:00', '02-04T09:06:00'])
    expect(await planFrom('09:30:00', true)).toEqual(['02-04T09:30:00', '02-04T09:45:00'])
  })

  it('that never got its unit goes as soon as gap and limits allow, to the millisecond, though the tick is late', async () => {
    expect(await planFrom('09:30:00', false)).toEqual(['02-04T09:30:00', '02-04T09:45:00'])
    expect((await planFrom('09:30:20', false, [at('09:15')]))[0]).toBe('02-04T09:30:00')
    expect((await planFrom('23:59:20', false, [at('09:15'), at('10:15')]))[0]).toBe('02-05T00:00:00')
    expect((await planFrom('09:30:20', false, [at('09:00')]))[0]).toBe('02-04T09:30:20')
  })
})

describe('after a failed attempt', () => {
  const at = (time: string) => new Date(`2027-02-04T${time}Z`)
  const settings = buildPublishingSettings({
    autoPublishEnabled: true,
    updatedAt: new Date('2027-01-01'),
    publishTimeSlots: [{ start: '09:00', end: '17:00' }],
    minGapMinutes: 60,
  })
  const failed = { status: 'retrying', attempts: 1, approvedAt: at('08:00'), createdAt: at('08:00') } as const

  async function planFrom(now: string, retry: { readonly tried: string; readonly again: string }, published?: string) {
    const entry = buildQueueEntry({ ...failed, updatedAt: at(retry.tried), notBefore: at(retry.again) })
    const ledger =
      published === undefined ? [] : [buildPublication({ status: 'published', countedAt: at(published) }, 9)]
    const input = { settings, zone: await openZone('UTC'), queue: [entry], ledger, now: at(now), seed: 'site' }
    const [item] = planPublications(input).items
    return item?.at?.toISOString().slice(11, 16)
  }

  it('it is tried again when the pause is over, inside the slot', async () => {
    expect(await planFrom('09:10', { tried: '09:00', again: '09:20' })).toBe('09:20')
    expect(await planFrom('09:40', { tried: '09:00', again: '09:20' })).toBe('09:40')
  })

  it('nobody else takes the point at which it failed a moment ago', async () => {
    const tried = buildQueueEntry({ ...failed, updatedAt: at('09:00:10'), notBefore: at('09:01:10') })
    const next = buildQueueEntry({ approvedAt: at('08:30'), createdAt: at('08:30') }, 2)
    const close = { ...settings, minGapMinutes: 0 }
    const input = { settings: close, zone: await openZone('UTC'), queue: [tried, next], ledger: [], seed: 'site' }
    const { items } = planPublications({ ...input, now: at('09:00:20') })
    expect(items.map((item) => item.at?.toISOString().slice(11, 19))).toEqual(['09:01:10', '09:15:00'])
  })

  it('it takes the next point where the pause ends outside of its slot, or was over long ago', async () => {
    expect(await planFrom('08:00', { tried: '07:00', again: '09:20' })).toBe('10:00')
    expect(await planFrom('09:55', { tried: '09:00', again: '09:20' })).toBe('10:00')
  })

  it('it takes the next point where another one was published too close to the end of the pause', async () => {
    const retry = { tried: '09:00', again: '09:50' }
    expect(await planFrom('09:10', retry, '09:10')).toBe('11:00')
    expect(await planFrom('10:12', retry, '09:10')).toBe('11:00')
  })
})
