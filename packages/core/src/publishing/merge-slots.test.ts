import { describe, expect, it } from 'vitest'
import { mergeSlots, overlapsPastMidnight } from './merge-slots.ts'

const slots = (...times: string[]) => times.map((time) => ({ start: time.slice(0, 5), end: time.slice(6) }))
const shown = (list: readonly { readonly start: string; readonly end: string }[]) =>
  list.map(({ start, end }) => `${start}-${end}`)

describe('slots', () => {
  it.each([
    ['overlap', ['09:00-12:00', '11:00-13:00'], ['09:00-13:00']],
    ['lie in one another', ['09:00-17:00', '10:00-11:00'], ['09:00-17:00']],
    ['overlap over midnight', ['23:00-01:00', '22:00-23:30'], ['22:00-01:00']],
    ['touch', ['12:00-15:00', '09:00-12:00'], ['09:00-12:00', '12:00-15:00']],
    ['lie apart', ['20:00-22:00', '06:00-08:00'], ['06:00-08:00', '20:00-22:00']],
    ['together are longer than a day', ['06:00-08:30', '08:00-07:00'], ['06:00-08:30', '08:00-07:00']],
    ['are the same', ['09:00-10:00', '09:00-10:00'], ['09:00-10:00']],
  ])('that %s', (_what, given, expected) => {
    expect(shown(mergeSlots(slots(...given)).slots)).toEqual(expected)
  })

  it('that became one are named', () => {
    const { merged } = mergeSlots(slots('09:00-12:00', '11:00-13:00', '15:00-16:00'))
    expect(merged.map(shown)).toEqual([['09:00-12:00', '11:00-13:00']])
  })

  it('that run into the next day are named pair by pair', () => {
    expect(overlapsPastMidnight(slots('22:00-02:00', '01:00-05:00')).map(shown)).toEqual([
      ['22:00-02:00', '01:00-05:00'],
    ])
    expect(overlapsPastMidnight(slots('22:00-01:00', '01:00-05:00'))).toEqual([])
  })
})
