import { beforeAll, describe, expect, it } from 'vitest'
import type { QueueEntry } from '../model/publication.ts'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import { buildPublication, buildPublishingSettings, buildQueueEntry } from '../testing/build-publishing.ts'
import { explainPublication } from './explain-publication.ts'
import type { LocalZone } from './local-zone.ts'
import { openZone } from './open-zone.ts'

/** A Sunday. */
const now = new Date('2027-05-02T06:00:00-04:00')
const waiting = { approvedAt: new Date(now.getTime() - 60_000), createdAt: new Date(now.getTime() - 60_000) }

let zone: LocalZone
beforeAll(async () => {
  zone = await openZone('America/New_York')
})

function explain(
  contentId: string,
  given: {
    readonly settings?: Partial<PublishingSettings>
    readonly queue?: readonly Partial<QueueEntry>[]
    readonly published?: readonly string[]
    readonly at?: Date
  },
) {
  return explainPublication(
    {
      settings: buildPublishingSettings({
        autoPublishEnabled: true,
        updatedAt: new Date('2027-01-01'),
        dailyPublishLimit: 2,
        publishDays: ['mon', 'tue', 'wed', 'thu', 'fri'],
        publishTimeSlots: [{ start: '09:00', end: '17:00' }],
        minGapMinutes: 60,
        ...given.settings,
      }),
      zone,
      queue: (given.queue ?? []).map((entry, index) => buildQueueEntry({ ...waiting, ...entry }, index + 1)),
      ledger: (given.published ?? []).map((at, index) =>
        buildPublication({ status: 'published', countedAt: new Date(at), contentId: `done-${index}` }, index + 50),
      ),
      now: given.at ?? now,
      seed: 'site',
    },
    contentId,
  )
}

const first = { contentId: 'first', priority: 5 }
const second = { contentId: 'second', priority: 4 }
const mine = { contentId: 'mine' }

describe('an explanation', () => {
  it('goes day by day, with numbers, to the first feasible instant', () => {
    const { text, at, checks } = explain('mine', {
      queue: [mine],
      published: ['2027-05-03T09:00:00-04:00', '2027-05-03T10:00:00-04:00'],
    })
    expect(text).toBe('Not Sun 09:00: not a publish day. Not Mon 09:00: daily limit 2/2. Earliest: Tue 09:00 EDT.')
    expect(at).toEqual(new Date('2027-05-04T09:00:00-04:00'))
    expect(checks[1]).toEqual({
      code: 'DAILY_LIMIT',
      at: new Date('2027-05-03T09:00:00-04:00'),
      used: 2,
      limit: 2,
      text: 'Not Mon 09:00: daily limit 2/2.',
    })
  })

  it('names what comes first, and how many where they are several', () => {
    const settings = { dailyPublishLimit: 3 }
    expect(explain('second', { settings, queue: [first, second, mine] }).text).toBe(
      'Not Sun 09:00: not a publish day. Not Mon 09:00: taken by first. Earliest: Mon 10:00 EDT.',
    )
    expect(explain('mine', { settings, queue: [first, second, mine] }).text).toContain(
      'Not Mon 09:00 to 10:00: taken by 2 others.',
    )
  })

  it('says that a week or a month is full once, not day by day', () => {
    const published = ['2027-05-03T09:00:00-04:00']
    expect(explain('mine', { settings: { weeklyPublishLimit: 1 }, queue: [mine], published }).text).toBe(
      'Not Sun 09:00: not a publish day. Not Mon 09:00: weekly limit 1/1. Earliest: Mon 10 May 09:00 EDT.',
    )
  })

  it('says that a pause after a failure, or slots that are over, keep it', () => {
    const at = new Date('2027-05-03T18:00:00-04:00')
    expect(explain('mine', { queue: [mine], at }).text).toBe(
      'Not Mon: its slots are over at 17:00. Earliest: Tue 09:00 EDT.',
    )
    const retrying: Partial<QueueEntry> = {
      ...mine,
      status: 'retrying',
      notBefore: new Date('2027-05-03T10:30:00-04:00'),
      updatedAt: new Date('2027-05-01'),
    }
    expect(explain('mine', { queue: [retrying], at: new Date('2027-05-03T09:30:00-04:00') }).text).toBe(
      'Not before Mon 10:30: it pauses after a failed attempt. Earliest: Mon 11:00 EDT.',
    )
  })

  it('says that a date does not exist', async () => {
    zone = await openZone('Pacific/Apia')
    const { text } = explain('mine', { queue: [mine], at: new Date('2011-12-29T18:00:00-10:00') })
    zone = await openZone('America/New_York')
    expect(text).toContain('Not Fri: the date does not exist in Pacific/Apia.')
  })

  it('knows what holds and what failed', () => {
    expect(explain('mine', { queue: [mine], settings: { autoPublishEnabled: false } })).toMatchObject({
      state: 'held',
      at: null,
      text: 'Auto-publish is off: only pins and publish-now run.',
      changes: [{ field: 'autoPublishEnabled', to: true, at: new Date('2027-05-03T09:00:00-04:00') }],
    })
    expect(explain('mine', { queue: [{ ...mine, status: 'failed', lastErrorCode: 'REMOTE_REJECTED' }] }).text).toBe(
      'It failed with REMOTE_REJECTED and waits to be requeued.',
    )
    expect(explain('mine', { queue: [mine], settings: { dailyPublishLimit: 0 } })).toMatchObject({
      state: 'unplaced',
      changes: [{ field: 'dailyPublishLimit', to: 1 }],
    })
  })

  it('of a content that is not queued is refused', () => {
    expect(() => explain('other', { queue: [mine] })).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })
})

describe('the smallest change that would let it go earlier', () => {
  it('is one more a day, then a day more, then coming first', () => {
    const { changes } = explain('mine', { queue: [first, second, mine] })
    expect(changes.map(({ text }) => text)).toEqual([
      'With dailyPublishLimit 3 it goes Mon 11:00 EDT.',
      'With sun among publishDays it goes Mon 09:00 EDT.',
      'With priority 5 it goes Mon 10:00 EDT.',
      'With no time slots it goes Tue 00:00 EDT.',
    ])
    expect(changes[0]).toMatchObject({ field: 'dailyPublishLimit', to: 3 })
  })

  it('is none where nothing is in its way', () => {
    const at = new Date('2027-05-03T09:00:00-04:00')
    expect(explain('mine', { queue: [mine], at, settings: { publishTimeSlots: null } }).changes).toEqual([])
  })
})
