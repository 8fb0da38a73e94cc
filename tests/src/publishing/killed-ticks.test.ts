import { describe, expect, it } from 'vitest'
import { runKilledTicks } from './killed-ticks.ts'

describe('two processes that tick and die', () => {
  it.each(['tick', 'remote-future'] as const)(
    'exceed no limit, publish nothing twice and leave nothing in the mode %s',
    {
      timeout: 120_000,
    },
    async (mode) => {
      let [deaths, failures] = [0, 0]
      for (let seed = 1; seed <= 8; seed++) {
        const round = await runKilledTicks(seed, undefined, mode)
        deaths += round.deaths
        failures += round.failures
      }
      expect(deaths).toBeGreaterThan(8)
      expect(failures).toBeGreaterThan(8)
    },
  )
})
