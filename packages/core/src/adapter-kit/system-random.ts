import { randomBytes } from 'node:crypto'
import type { RandomSource } from '../ports/random.ts'

/** The machine's cryptographically strong random bytes. */
export function createSystemRandom(): RandomSource {
  return { bytes: (length) => randomBytes(length) }
}
