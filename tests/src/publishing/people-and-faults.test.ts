import { expect, it } from 'vitest'
import { runPeopleAndFaults } from './people-and-faults.ts'

it.each(['tick', 'remote-future'] as const)(
  'whatever people do while the site fails, the queue comes to rest as it has to, in the mode %s',
  { timeout: 120_000 },
  async (mode) => {
    for (let seed = 1; seed <= 20; seed++) {
      const { problems, deeds } = await runPeopleAndFaults(seed, mode)
      expect(problems, `seed ${seed}\n${deeds.join('\n')}`).toEqual([])
    }
  },
)
