import { describe, expect, it } from 'vitest'
import { parseRetryAfter } from './retry-after.ts'

const now = new Date('1994-11-06T08:49:30Z')

describe('parseRetryAfter', () => {
  it.each([
    ['seconds', '120', 120_000],
    ['no time', '0', 0],
    ['seconds with spaces around', '  7 ', 7_000],
    ['leading zeros', '007', 7_000],
    ['an IMF date', 'Sun, 06 Nov 1994 08:49:37 GMT', 7_000],
    ['an RFC 850 date', 'Sunday, 06-Nov-94 08:49:37 GMT', 7_000],
    ['an asctime date', 'Sun Nov  6 08:49:37 1994', 7_000],
    ['an asctime date of two digits', 'Wed Nov 16 08:49:37 1994', 864_007_000],
    ['a date with an offset', 'Sun, 06 Nov 1994 09:49:37 +0100', 7_000],
    ['a date without a comma', 'Sun 06 Nov 1994 08:49:37 GMT', 7_000],
    ['a date in the past', 'Sun, 06 Nov 1994 08:49:29 GMT', 0],
    ['a date long past', 'Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ])('reads %s', (_name, header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected)
  })

  it('reads two digits of a year as the nearer century', () => {
    const today = new Date('2026-11-06T08:49:30Z')
    expect(parseRetryAfter('Friday, 06-Nov-26 08:49:37 GMT', today)).toBe(7_000)
    expect(parseRetryAfter('Sunday, 06-Nov-94 08:49:37 GMT', today)).toBe(0)
  })

  it.each([
    null,
    '',
    ' ',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '9999999999',
    '1767225600000',
    '120, 120',
    '120s',
    'soon',
    'NaN',
    'Infinity',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 99 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nop 1994 08:49:37 GMT',
    '1994-11-06T08:49:37Z',
    `${'9'.repeat(100_000)}`,
    `Sun, ${' '.repeat(100_000)}`,
  ])('reads nothing from %j', (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined()
  })

  it('reads no date where it is not known what time it is', () => {
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', new Date(Number.NaN))).toBeUndefined()
    expect(parseRetryAfter('7', new Date(Number.NaN))).toBe(7_000)
  })
})
