import { expect, it } from 'vitest'
import { copyPlain } from './copy-plain.ts'

it('copies dates, arrays and objects, all the way down', () => {
  const original = { at: new Date(5), list: [{ deep: [1, null, 'x', true] }] }
  const copy = copyPlain(original)
  expect(copy).toEqual(original)
  expect(copy.at).not.toBe(original.at)
  expect(copy.list[0]?.deep).not.toBe(original.list[0]?.deep)
})

it('takes objects without a prototype', () => {
  expect(copyPlain(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 })
})

it('leaves out what is undefined, as JSON would', () => {
  expect(Object.keys(copyPlain({ a: undefined, b: 1 }))).toEqual(['b'])
})

it.each([{}, { other: undefined }])('keeps a key named __proto__ as the data it is, beside %o', (beside) => {
  const original = Object.assign(JSON.parse('{"__proto__": {"polluted": true}}'), beside)
  const copy = copyPlain(original)
  for (const member of Object.values(original)) Object.assign(member ?? {}, { polluted: false })
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
  expect(JSON.stringify(copy)).toBe('{"__proto__":{"polluted":true}}')
})

it.each([[() => 1], [Symbol('x')], [1n], [new Map()], [new Date(Number.NaN)], [new Uint8Array(1)], [/x/]])(
  'refuses %s, which no storage could give back',
  (value) => {
    expect(() => copyPlain({ value })).toThrow(expect.objectContaining({ code: 'STORAGE_FAILED' }))
  },
)
