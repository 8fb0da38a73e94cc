import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createUuidV7 } from './uuid-v7.ts'

const latest = 2 ** 48 - 1
const instants = fc.integer({ min: 0, max: 8_640_000_000_000_000 }).filter((ms) => ms <= latest)
const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 })

describe('createUuidV7', () => {
  it('gives the example of RFC 9562, A.6', () => {
    const random = Buffer.from('0cc318c4dc0c0c07398f', 'hex')
    expect(createUuidV7(new Date('2022-02-22T19:22:22Z'), random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  })

  it('has version 7 and the variant, whatever the time and the bytes are', () => {
    fc.assert(
      fc.property(instants, bytes, (ms, random) => {
        expect(createUuidV7(new Date(ms), random)).toMatch(
          /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
        )
      }),
    )
  })

  it('sorts by time', () => {
    fc.assert(
      fc.property(instants, instants, bytes, bytes, (left, right, one, two) => {
        fc.pre(left < right)
        expect(createUuidV7(new Date(left), one) < createUuidV7(new Date(right), two)).toBe(true)
      }),
    )
  })

  it('keeps 74 bits of what is random', () => {
    const all = new Uint8Array(10).fill(0xff)
    const seen = new Set([createUuidV7(new Date(0), new Uint8Array(10))])
    for (let bit = 0; bit < 80; bit++) {
      const random = new Uint8Array(10)
      random[bit >> 3] = 1 << (bit & 7)
      seen.add(createUuidV7(new Date(0), random))
    }
    expect(seen.size).toBe(1 + 74)
    expect(createUuidV7(new Date(0), all)).toBe('00000000-0000-7fff-bfff-ffffffffffff')
  })

  it('does not change the bytes that it is given', () => {
    const random = new Uint8Array(10).fill(0xff)
    createUuidV7(new Date(0), random)
    expect(random).toEqual(new Uint8Array(10).fill(0xff))
  })
})
