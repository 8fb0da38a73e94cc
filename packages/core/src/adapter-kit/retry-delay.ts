import type { RandomSource } from '../ports/random.ts'

const firstMs = 500
const mostMs = 20_000

/** Exponential with full jitter: anywhere between 0 and 500 ms, 1 s, 2 s, … up to 20 s. `attempt` counts from 1. */
export function retryDelayMs(attempt: number, random: RandomSource): number {
  const [high = 0, low = 0] = random.bytes(2)
  return Math.round(Math.min(mostMs, firstMs * 2 ** (attempt - 1)) * ((high * 256 + low) / 65_535))
}
