import { describe, expect, it } from 'vitest'
import { createSeededRandom } from '../testing/create-seeded-random.ts'
import { retryDelayMs } from './retry-delay.ts'

const filled = (byte: number) => ({ bytes: (length: number) => new Uint8Array(length).fill(byte) })

describe('retryDelayMs', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [6, 16_000],
    [7, 20_000],
    [5_000, 20_000],
  ])('is between 0 and twice as much as before, up to 20 s (attempt %i: %i)', (attempt, most) => {
    expect([retryDelayMs(attempt, filled(0)), retryDelayMs(attempt, filled(255))]).toEqual([0, most])
  })

  it('is spread over the whole range', () => {
    const random = createSeededRandom(1)
    const quarters = new Set(Array.from({ length: 100 }, () => Math.floor(retryDelayMs(1, random) / 125.1)))
    expect([...quarters].sort()).toEqual([0, 1, 2, 3])
  })
})
