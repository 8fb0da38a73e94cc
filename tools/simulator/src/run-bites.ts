import { plantBug } from './plant-bug.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { runSeeds } from './run-seeds.ts'

/** How the simulator fared with one bug. */
export interface Bite {
  readonly name: string
  /** The first seed that failed; `null` where none did. */
  readonly seed: number | null
  readonly message: string | null
  readonly seconds: number
}

export interface BitesInput {
  readonly bugs: readonly PlantedBug[]
  readonly workers: number
  /** Seeds to try for each. */
  readonly mostSeeds: number
  onBite?(bite: Bite): void
}

/** Plants each bug by itself and looks for a seed that fails. */
export async function runBites({ bugs, workers, mostSeeds, onBite }: BitesInput): Promise<readonly Bite[]> {
  const bites: Bite[] = []
  for (const bug of bugs) {
    const script = await plantBug(bug)
    const { violations, seconds } = await runSeeds({ from: 1, count: mostSeeds, workers, script, stopAfter: 1 })
    const [first] = violations
    const bite = { name: bug.name, seed: first?.seed ?? null, message: first?.messages[0] ?? null, seconds }
    bites.push(bite)
    onBite?.(bite)
  }
  return bites
}
