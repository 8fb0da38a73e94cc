import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapDateToGmt, mapGmtToDate } from './map-time.ts'

describe('mapGmtToDate', () => {
  it.each([
    ['2026-11-24T03:11:59', '2026-11-24T03:11:59.000Z'],
    ['2026-11-24 03:11:59', '2026-11-24T03:11:59.000Z'],
    ['2026-11-24T03:11:59.123456', '2026-11-24T03:11:59.000Z'],
    ['2026-11-24T03:11:59Z', '2026-11-24T03:11:59.000Z'],
    ['2026-11-24T03:11:59+05:30', '2026-11-23T21:41:59.000Z'],
  ])('reads %s as %s', (text, instant) => {
    expect(mapGmtToDate(text)?.toISOString()).toBe(instant)
  })

  it.each([
    null,
    undefined,
    '',
    '0000-00-00 00:00:00',
    '0000-00-00T00:00:00',
    '2026-13-40T99:00:00',
    'yesterday',
    '2026-11-24',
  ])('takes %s for no time', (text) => {
    expect(mapGmtToDate(text)).toBeNull()
  })

  it('gives back, to the second, every time that was written', () => {
    const times = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(times, (time) => {
        const written = mapDateToGmt(time)
        const toTheSecond = Math.floor(time.getTime() / 1000) * 1000
        expect(mapGmtToDate(written)?.getTime()).toBe(toTheSecond)
        expect(mapGmtToDate(written.replace('Z', ''))?.getTime()).toBe(toTheSecond)
      }),
    )
  })
})

describe('mapDateToGmt', () => {
  it('names the zone, without which WordPress would read local time', () => {
    expect(mapDateToGmt(new Date('2026-11-24T03:11:59.999Z'))).toBe('2026-11-24T03:11:59Z')
  })
})
