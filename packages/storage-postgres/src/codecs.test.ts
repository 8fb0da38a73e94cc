import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkPlainJson } from './check-plain-json.ts'
import { decimal, encodeInstant, flag, instant, integer, json, jsonWithInstants, text } from './column-codecs.ts'
import { decodeText, encodeArray, encodeText } from './text-codec.ts'

const refused = expect.objectContaining({ code: 'STORAGE_FAILED' })
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\0', '\u0001', '0', 'd', '\ud800', '\udc00', 'a') }),
)

describe('text', () => {
  it('comes back as it went, and is text that a database takes', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const stored = encodeText(value)
        expect(decodeText(stored)).toBe(value)
        expect(stored.isWellFormed() && !stored.includes('\0')).toBe(true)
      }),
    )
  })

  it('keeps its order, halves of surrogate pairs left out', () => {
    const ordinary = fc.string({ unit: fc.constantFrom('\0', '\u0001', '\u0002', '0', 'd', 'ä', '\u0100') })
    const bytes = (value: string) => Buffer.from(encodeText(value))
    fc.assert(
      fc.property(ordinary, ordinary, (left, right) => {
        expect(Math.sign(Buffer.compare(bytes(left), bytes(right)))).toBe(left < right ? -1 : left > right ? 1 : 0)
      }),
    )
  })

  it('is left as it is where it can be', () => {
    for (const value of ['', 'plain', 'emoji 👩🏽‍🚀', '{"a": "\\u0000"}']) expect(encodeText(value)).toBe(value)
  })

  it('is refused where it is none', () => {
    expect(() => text.encode(7 as never)).toThrow(refused)
  })
})

it('arrays quote what means something in them', () => {
  expect(encodeArray([])).toBe('{}')
  expect(encodeArray(['a', null, '', 'NULL', '"', '\\', ',{}'])).toBe('{"a",NULL,"","NULL","\\"","\\\\",",{}"}')
})

describe('instants', () => {
  it.each([
    ['2026-11-02T09:00:00.007Z', '2026-11-02T09:00:00.007Z'],
    ['+012026-01-01T00:00:00.000Z', '12026-01-01T00:00:00.000Z'],
    ['0000-12-31T23:59:59.999Z', '0001-12-31T23:59:59.999Z BC'],
    ['-000043-03-15T12:00:00.000Z', '0044-03-15T12:00:00.000Z BC'],
  ])('%s is written as PostgreSQL reads it', (iso, stored) => {
    expect(encodeInstant(new Date(iso))).toBe(stored)
  })

  it.each([
    ['2026-11-02 09:00:00.007+00', '2026-11-02T09:00:00.007Z'],
    ['2026-11-02 14:30:00+05:30', '2026-11-02T09:00:00.000Z'],
    ['1800-01-01 00:53:28+00:53:28', '1800-01-01T00:00:00.000Z'],
    ['12026-01-01 00:00:00.5+00', '+012026-01-01T00:00:00.500Z'],
    ['0044-03-15 12:00:00+00 BC', '-000043-03-15T12:00:00.000Z'],
  ])('%s is read whatever the zone of the session', (stored, iso) => {
    expect(instant.decode(stored)).toEqual(new Date(iso))
  })

  it('are refused where they are none, or beyond the calendar', () => {
    for (const value of [new Date(Number.NaN), new Date(-8.64e15), '2026-01-01' as never])
      expect(() => instant.encode(value)).toThrow(refused)
  })
})

describe('numbers and flags', () => {
  it('are whole and exact', () => {
    expect(integer.decode(integer.encode(Number.MAX_SAFE_INTEGER))).toBe(Number.MAX_SAFE_INTEGER)
    for (const value of [1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])
      expect(() => integer.encode(value)).toThrow(refused)
    for (const value of [true, false]) expect(flag.decode(flag.encode(value))).toBe(value)
  })

  it('amounts are decimals', () => {
    expect(decimal.encode('0.10')).toBe('0.10')
    for (const value of ['', '1e3', '.5', 'NaN', '1; drop table x'])
      expect(() => decimal.encode(value)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})

describe('nested data', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(fc.object({ values: [anyText, fc.boolean(), fc.integer(), fc.constant(null)] }), (value) => {
        expect(json.decode(json.encode(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('gives back instants where they belong, and texts that look like them as texts', () => {
    const codec = jsonWithInstants('createdAt')
    const value = [{ id: '2026-11-02T09:00:00.000Z', createdAt: new Date(7) }]
    expect(codec.decode(codec.encode(value))).toEqual(value)
  })

  it.each([
    ['a function', { run: () => 1 }],
    ['a symbol', [Symbol('x')]],
    ['a bigint', { count: 1n }],
    ['a date', { at: new Date(0) }],
    ['an instance', { map: new Map() }],
    ['no number', [Number.NaN]],
    ['a hole', [undefined]],
  ])('is refused where JSON would lose it: %s', (_, value) => {
    expect(() => checkPlainJson(value)).toThrow(refused)
  })
})
