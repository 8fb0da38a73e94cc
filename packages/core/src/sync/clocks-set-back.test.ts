import { describe, expect, it } from 'vitest'
import { wereClocksSetBack } from './clocks-set-back.ts'

describe('wereClocksSetBack', () => {
  it.each([
    ['America/New_York', '2026-11-01T05:59:59Z', '2026-11-01T06:00:00Z', true],
    ['America/New_York', '2026-11-01T06:00:00Z', '2026-11-20T00:00:00Z', false],
    ['America/New_York', '2026-10-01T00:00:00Z', '2026-11-01T05:59:59Z', false],
    ['America/New_York', '2026-03-01T00:00:00Z', '2026-03-20T00:00:00Z', false],
    ['America/New_York', '2026-03-01T00:00:00Z', '2026-11-20T00:00:00Z', true],
    ['America/New_York', '1970-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true],
    ['Asia/Kolkata', '1970-01-01T00:00:00Z', '2026-11-20T00:00:00Z', false],
    ['+05:30', '1970-01-01T00:00:00Z', '2026-11-20T00:00:00Z', false],
    ['UTC', '1970-01-01T00:00:00Z', '2026-11-20T00:00:00Z', false],
  ])('in %s between %s and %s: %s', async (timezone, from, to, expected) => {
    expect(await wereClocksSetBack(timezone, new Date(from), new Date(to))).toBe(expected)
  })
})
