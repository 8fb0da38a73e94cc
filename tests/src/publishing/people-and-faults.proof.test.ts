import { expect, it } from 'vitest'
import { runPeopleAndFaults } from './people-and-faults.ts'

const seeds = Math.max(1, Math.round(2_000 * Number(process.env.IGNY8_PROOF_SCALE ?? '1')))

it.each(['tick', 'remote-future'] as const)(
  `whatever people do while the site fails, the queue comes to rest as it has to: ${seeds} times, mode %s`,
  async (mode) => {
    const found: string[] = []
    for (let seed = 1; seed <= seeds; seed++)
      for (const problem of (await runPeopleAndFaults(seed, mode)).problems) found.push(`seed ${seed}: ${problem}`)
    expect(found).toEqual([])
  },
)
