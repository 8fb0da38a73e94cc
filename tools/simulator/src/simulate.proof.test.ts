import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { removeCopies } from './plant-bug.ts'
import { plantedBugs } from './planted-bugs.ts'
import { runBites } from './run-bites.ts'
import { runSeeds } from './run-seeds.ts'

const scale = Number(process.env.IGNY8_PROOF_SCALE ?? 1)
const workers = availableParallelism()
const seeds = Math.min(10_000, Math.ceil(10_000 * scale))
/** In part: those that show soonest. */
const quick = ['nobody need approve', 'the history is not kept', 'what is of another type is deleted']
const bugs = scale < 1 ? plantedBugs.filter(({ name }) => quick.includes(name)) : plantedBugs

describe('the simulator', () => {
  it(`finds no violation in ${seeds} seeds`, async () => {
    const { violations } = await runSeeds({ from: 1, count: seeds, workers })
    expect(violations).toEqual([])
  })

  it.each(bugs)('finds the planted bug: $name', async (bug) => {
    const [bite] = await runBites({ bugs: [bug], workers, mostSeeds: 4_000 })
    await removeCopies()
    expect(bite?.seed).toEqual(expect.any(Number))
  })
})
