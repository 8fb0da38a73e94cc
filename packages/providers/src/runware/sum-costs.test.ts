import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sumCosts } from './sum-costs.ts'

it.each([
  [[0.1, 0.2], '0.3'],
  [[0.0013], '0.0013'],
  [[1e-7, 2e-7], '0.0000003'],
  [[1, 2.5], '3.5'],
  [[10], '10'],
  [[0], '0'],
  [[], '0'],
  [[0.1, null], null],
  [[0.1, undefined], null],
])('adds %j to %s', (costs, sum) => {
  expect(sumCosts(costs)).toBe(sum)
})

it('is exact for any number of costs in millionths', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 })), (millionths) => {
      const total = millionths.reduce((sum, cost) => sum + cost, 0)
      expect(Math.round(Number(sumCosts(millionths.map((cost) => cost / 1e6))) * 1e6)).toBe(total)
    }),
  )
})
