import type { RandomSource } from '../ports/random.ts'

/**
 * Makes a source whose bytes follow from the seed alone, so that a failing run can be run again.
 *
 * Evenly spread (sfc32), but guessable: for tests only.
 */
export function createSeededRandom(seed: number | string): RandomSource {
  let [a, b, c] = [hash(`${seed}:a`), hash(`${seed}:b`), hash(`${seed}:c`)]
  let counter = 1

  function nextByte(): number {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 24
  }

  // The first outputs still resemble the seed.
  for (let round = 0; round < 12; round += 1) nextByte()
  return {
    bytes(length) {
      const drawn = new Uint8Array(length)
      for (let at = 0; at < length; at++) drawn[at] = nextByte()
      return drawn
    },
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return value
}
