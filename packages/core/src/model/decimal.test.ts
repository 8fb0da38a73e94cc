import { expect, it } from 'vitest'
import { addDecimals, formatDecimal, isGreater, parseDecimal } from './decimal.ts'

const sum = (...texts: readonly string[]) => formatDecimal(texts.map(parseDecimal).reduce(addDecimals))

it('adds without losing a digit', () => {
  expect(sum('0.1', '0.2')).toBe('0.3')
  expect(sum('9007199254740993', '0.000000000000000001')).toBe('9007199254740993.000000000000000001')
  expect(sum('0.75', '0.25')).toBe('1')
  expect(sum('0.5', '-1.75')).toBe('-1.25')
  expect(sum('0', '-0.05')).toBe('-0.05')
  expect(sum('100', '20')).toBe('120')
})

it('compares amounts of different scales', () => {
  expect(isGreater(parseDecimal('1.000000001'), parseDecimal('1'))).toBe(true)
  expect(isGreater(parseDecimal('1'), parseDecimal('1.0000'))).toBe(false)
  expect(isGreater(parseDecimal('-2'), parseDecimal('1'))).toBe(false)
})

it.each(['', ' 1', '1.', '.5', '1e3', 'NaN', '1,5', '--1', '0x1', `1${'0'.repeat(100)}`])('refuses "%s"', (text) => {
  expect(() => parseDecimal(text)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
})
