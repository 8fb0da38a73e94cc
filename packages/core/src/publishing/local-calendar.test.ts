import { describe, expect, it } from 'vitest'
import { buildPublishingSettings } from '../testing/build-publishing.ts'
import { bucketsAt, createLocalCalendar } from './local-calendar.ts'
import { openZone } from './open-zone.ts'

describe('a calendar', () => {
  it('tells the day, week and month that an instant is counted in, a day of 25 hours included', async () => {
    const calendar = createLocalCalendar(await openZone('America/New_York'), 'sun')
    const buckets = bucketsAt(calendar, buildPublishingSettings({ weeklyPublishLimit: null }), Date.UTC(2027, 10, 8, 4))
    expect(buckets).toEqual([
      { period: 'daily', from: new Date('2027-11-07T04:00Z'), to: new Date('2027-11-08T05:00Z'), limit: 5 },
      { period: 'weekly', from: new Date('2027-11-07T04:00Z'), to: new Date('2027-11-14T05:00Z'), limit: null },
      { period: 'monthly', from: new Date('2027-11-01T04:00Z'), to: new Date('2027-12-01T05:00Z'), limit: 60 },
    ])
  })

  it('has days that never interleave, where clocks went back over a midnight', async () => {
    const calendar = createLocalCalendar(await openZone('America/St_Johns'), 'mon')
    // At 00:01 on 1 November 2009 it became 23:01 again.
    const from = calendar.startOfDay(Date.UTC(2009, 10, 1) / 86_400_000)
    expect(new Date(from)).toEqual(new Date('2009-11-01T02:30Z'))
    for (let minute = 0; minute < 120; minute++)
      expect(calendar.dayAt(from + minute * 60_000)).toBe(Date.UTC(2009, 10, 1) / 86_400_000)
  })
})
