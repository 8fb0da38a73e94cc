import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, hashJson, isSameJson } from './hash-json.ts'

/** The same value, built in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  const members = Object.entries(value).reverse()
  return Object.fromEntries(members.map(([key, member]) => [key, reversed(member)]))
}

const keys = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '1', '10', '2', ''))
const json = fc.jsonValue({ noUnicodeString: false, depthSize: 'medium' })
const objects = fc.dictionary(keys, json)

describe('canonicalJson', () => {
  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(objects, (value) => {
        expect(JSON.stringify(JSON.parse(canonicalJson(value)))).toBe(JSON.stringify(reparsed(value)))
      }),
    )
  })

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(objects, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value))
      }),
    )
  })

  it('differs for values that differ', () => {
    fc.assert(
      fc.property(json, json, (left, right) => {
        const same = JSON.stringify(reparsed(left)) === JSON.stringify(reparsed(right))
        expect(canonicalJson(left) === canonicalJson(right)).toBe(same)
      }),
    )
  })

  it.each([
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [{}, '{}'],
    [[], '[]'],
    [[undefined, 1], '[null,1]'],
    [undefined, 'null'],
    [-0, '0'],
    [{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    [{ a: -0 }, '{"a":0}'],
    [JSON.parse('{"__proto__":{"x":1},"a":2}'), '{"__proto__":{"x":1},"a":2}'],
    [Object.assign(Object.create(null), { b: 1, a: 2 }), '{"a":2,"b":1}'],
    [Object.create({ inherited: 1 }), '{}'],
    [{ b: [{ d: 1, c: 2 }], a: null }, '{"a":null,"b":[{"c":2,"d":1}]}'],
    ['\ud800"\n', '"\\ud800\\"\\n"'],
  ])('writes %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it.each([
    [{ a: 1 }, { a: '1' }],
    [{ a: null }, {}],
    [
      [1, 2],
      [2, 1],
    ],
    [[], {}],
    [
      [[1], 2],
      [1, [2]],
    ],
    [{ a: { b: 1 } }, { a: {}, b: 1 }],
    [JSON.parse('{"__proto__":1}'), {}],
    ['', null],
    [new Date(0), new Date(1)],
    [{ '1': 'a' }, ['a']],
  ])('tells %j from %j', (left, right) => {
    expect(canonicalJson(left)).not.toBe(canonicalJson(right))
    expect(hashJson(left)).not.toBe(hashJson(right))
  })
})

describe('hashJson', () => {
  const long = 'x'.repeat(300)
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

  it('is SHA-256 over it, in hex', () => {
    expect(hashJson({ b: 1, a: 2 })).toBe('d3626ac30a87e6f7a6428233b3c68299976865fa5508e4267c5415c76af7a772')
  })

  it('takes a long text by its own hash, and tells that hash from it', () => {
    const shortened = `\0${sha256(long)}`
    expect(hashJson({ b: [long], a: 1 })).toBe(sha256(JSON.stringify({ a: 1, b: [shortened] })))
    const alike = [long, `${long}x`, shortened, '\0', `\0${sha256('\0')}`, sha256(long)]
    expect(new Set(alike.map((text) => hashJson({ text }))).size).toBe(alike.length)
  })

  it('tells half a surrogate pair from the character that stands for it', () => {
    expect(hashJson(`${long}\ud800`)).not.toBe(hashJson(`${long}\ufffd`))
  })

  it('differs for values that differ, and for no others', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', size: 'max', maxLength: 400 }),
      fc.constantFrom(long, `${long}x`),
    )
    const objects = fc.dictionary(keys, fc.oneof(texts, json))
    fc.assert(
      fc.property(objects, objects, (left, right) => {
        expect(hashJson(left) === hashJson(right)).toBe(canonicalJson(left) === canonicalJson(right))
        expect(hashJson(reversed(left))).toBe(hashJson(left))
        expect(isSameJson(left, right)).toBe(canonicalJson(left) === canonicalJson(right))
      }),
    )
  })
})

/** Sorted by the engine: what canonicalJson must agree with, read in a different way. */
function reparsed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, member: unknown) =>
    member === null || typeof member !== 'object' || Array.isArray(member)
      ? member
      : Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1))),
  )
}
