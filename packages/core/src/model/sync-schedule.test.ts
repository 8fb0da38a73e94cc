import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextSyncTime } from './sync-schedule.ts'

const now = new Date('2026-11-24T12:00:00Z')
const hourly = (after: Date) => new Date((Math.floor(after.getTime() / 3_600_000) + 1) * 3_600_000)
const minutesUntil = (schedule: Parameters<typeof nextSyncTime>[0]['schedule'], failures = 0, share = 0.5) =>
  (nextSyncTime({ schedule, now, failures, share, cronTimes: hourly }).getTime() - now.getTime()) / 60_000

describe('nextSyncTime', () => {
  it('is about the interval, a little apart for every site', () => {
    expect(minutesUntil({ everyMinutes: 60 })).toBe(60)
    expect(minutesUntil({ everyMinutes: 60 }, 0, 0)).toBe(57)
    expect(minutesUntil({ everyMinutes: 60 }, 0, 0.999)).toBeCloseTo(63, 0)
  })

  it.each([
    [1, 120],
    [2, 240],
    [4, 960],
    [5, 1_440],
    [60, 1_440],
  ])('pauses a site that failed %i times in a row for %i minutes', (failures, minutes) => {
    expect(minutesUntil({ everyMinutes: 60 }, failures)).toBe(minutes)
  })

  it('never asks more often because a site failed', () => {
    expect(minutesUntil({ everyMinutes: 7 * 1_440 }, 3)).toBe(7 * 1_440)
  })

  it('is a time of the expression, within two minutes', () => {
    expect(minutesUntil({ cron: '0 * * * *', timezone: 'UTC' }, 0, 0)).toBe(60)
    expect(minutesUntil({ cron: '0 * * * *', timezone: 'UTC' }, 0, 0.5)).toBe(61)
    expect(minutesUntil({ cron: '0 * * * *', timezone: 'UTC' }, 2, 0)).toBe(120)
  })

  it('is always later than now', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.nat(80),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (every, failures, share) => {
          expect(minutesUntil({ everyMinutes: every + 5 }, failures, share)).toBeGreaterThan(0)
          expect(minutesUntil({ cron: '0 * * * *', timezone: 'UTC' }, failures, share)).toBeGreaterThan(0)
        },
      ),
    )
  })
})
