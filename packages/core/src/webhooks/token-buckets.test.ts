import { describe, expect, it } from 'vitest'
import { createTokenBuckets } from './token-buckets.ts'

const at = (ms: number) => new Date(1_800_000_000_000 + ms)

describe('token buckets', () => {
  it('let a burst through and then tell how long to wait', () => {
    const buckets = createTokenBuckets({ burst: 3, perSecond: 2 })
    expect([1, 2, 3, 4].map(() => buckets.take('a', at(0)))).toEqual([0, 0, 0, 500])
    expect(buckets.take('a', at(200))).toBe(300)
  })

  it('open again at the moment that was told, not before', () => {
    const buckets = createTokenBuckets({ burst: 1, perSecond: 2 })
    buckets.take('a', at(0))
    expect(buckets.take('a', at(499))).toBe(1)
    expect(buckets.take('a', at(500))).toBe(0)
    expect(buckets.take('a', at(500))).toBe(500)
  })

  it('never hold more than the burst, however long nobody came', () => {
    const buckets = createTokenBuckets({ burst: 2, perSecond: 1 })
    buckets.take('a', at(0))
    expect([1, 2, 3].map(() => buckets.take('a', at(3_600_000)))).toEqual([0, 0, 1_000])
  })

  it('are one for each key', () => {
    const buckets = createTokenBuckets({ burst: 1, perSecond: 1 })
    expect(['a', 'b', 'a', '__proto__'].map((key) => buckets.take(key, at(0)))).toEqual([0, 0, 1_000, 0])
  })

  it('give nothing and take nothing when the clock goes back', () => {
    const buckets = createTokenBuckets({ burst: 1, perSecond: 1 })
    buckets.take('a', at(0))
    expect(buckets.take('a', at(-60_000))).toBe(1_000)
    expect(buckets.take('a', at(-59_000))).toBe(0)
  })

  it('are bounded: the key unused longest is forgotten first', () => {
    const buckets = createTokenBuckets({ burst: 1, perSecond: 0.001, maxKeys: 2 })
    for (const key of ['a', 'b', 'a', 'c']) buckets.take(key, at(0))
    expect(buckets.take('a', at(0))).toBeGreaterThan(0)
    expect(buckets.take('b', at(0))).toBe(0)
  })
})
