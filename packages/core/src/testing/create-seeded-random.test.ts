import { expect, it } from 'vitest'
import { createSeededRandom } from './create-seeded-random.ts'

it('gives the same bytes for the same seed, however they are drawn', () => {
  const [whole, parts] = [createSeededRandom(7), createSeededRandom(7)]
  expect([...whole.bytes(20)]).toEqual([...parts.bytes(5), ...parts.bytes(15)])
  expect(whole.bytes(0)).toHaveLength(0)
})

it('gives other bytes for another seed, and goes on', () => {
  const drawn = ['a', 'b', 1, 2, 11].map((seed) => createSeededRandom(seed))
  const texts = drawn.flatMap((random) => [random.bytes(8).join(), random.bytes(8).join()])
  expect(new Set(texts).size).toBe(texts.length)
})

it('spreads its bytes evenly', () => {
  const counts = new Array<number>(256).fill(0)
  for (const byte of createSeededRandom('even').bytes(256_000)) counts[byte] = (counts[byte] ?? 0) + 1
  // 1000 expected, standard deviation 32.
  expect(Math.min(...counts)).toBeGreaterThan(840)
  expect(Math.max(...counts)).toBeLessThan(1160)
})
