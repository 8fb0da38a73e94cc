import { expect, it } from 'vitest'
import { createUuidV7Source } from './uuid-v7.ts'

it('makes ids that sort as they were made, within a millisecond and when the clock steps back', () => {
  const times = [1_000, 1_000, 1_000, 999, 500, 1_001, 1_001]
  let calls = 0
  const full = () => Uint8Array.from([0xff, 0xff, 0xff, ...Array<number>(7).fill(0xff)])
  const next = createUuidV7Source(() => new Date(times[calls++] ?? 0), full)
  const ids = times.map(next)
  expect(ids).toEqual([...ids].sort())
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
