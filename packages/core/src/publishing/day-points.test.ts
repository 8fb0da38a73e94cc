import { describe, expect, it } from 'vitest'
import { buildPublishingSettings } from '../testing/build-publishing.ts'
import { createDayPoints, hashText } from './day-points.ts'
import type { DayWindow } from './day-windows.ts'

const hourMs = 3_600_000
const day = 20_000

function window(start: number, end: number): DayWindow {
  const midnight = day * 24 * hourMs
  return { day, slot: null, start: midnight + start * hourMs, end: midnight + end * hourMs, clockChange: null }
}

function pointsOf(seed: string, windows: readonly DayWindow[], minGapMinutes: number, limit: number) {
  const settings = buildPublishingSettings({ distribution: 'jitter', minGapMinutes, dailyPublishLimit: limit })
  const points = createDayPoints(settings, windows, hashText(seed))
  return Array.from({ length: points.count }, (_, index) => points.at(index))
}

describe('jittered points', () => {
  const windows = [window(8, 11), window(13, 14), window(20, 24)]
  const seeds = Array.from({ length: 300 }, (_, index) => `site ${index}`)

  it('keep the gap among themselves and stay inside the slots', () => {
    for (const seed of seeds) {
      const points = pointsOf(seed, windows, 50, 9)
      expect(points).toHaveLength(9)
      for (const [index, at] of points.entries()) {
        expect(windows.some(({ start, end }) => at >= start && at < end)).toBe(true)
        expect(at - (points[index - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(50 * 60_000)
      }
    }
  })

  it('are the same for one seed, and all over their step for many', () => {
    expect(pointsOf('site', windows, 0, 4)).toEqual(pointsOf('site', windows, 0, 4))
    const hours = seeds.map((seed) => pointsOf(seed, [window(0, 24)], 0, 1)[0] ?? 0).map((at) => (at / hourMs) % 24)
    for (let quarter = 0; quarter < 24; quarter += 6)
      expect(hours.filter((hour) => hour >= quarter && hour < quarter + 6).length).toBeGreaterThan(40)
  })

  it('are fewer where the gap leaves room for fewer', () => {
    expect(pointsOf('site', [window(9, 12)], 90, 5)).toHaveLength(2)
    expect(pointsOf('site', [window(9, 10)], 90, 5)).toHaveLength(1)
  })
})
