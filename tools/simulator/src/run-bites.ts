import { plantBug } from './plant-bug.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { runSeeds, type SeedsReport } from './run-seeds.ts'

/** How the simulator fared with one bug. */
export interface Bite {
  readonly name: string
  /** The first seed that failed, and only with the bug; `null` where none did. */
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
    const started = performance.now()
    const found = await findBite(await plantBug(bug), workers, mostSeeds)
    const seconds = (performance.now() - started) / 1_000
    const bite = { name: bug.name, seed: found?.seed ?? null, message: found?.messages[0] ?? null, seconds }
    bites.push(bite)
    onBite?.(bite)
  }
  return bites
}

/** The first seed that fails with the bug, and does not without it: else it would be another bug that was found. */
async function findBite(
  script: URL,
  workers: number,
  mostSeeds: number,
): Promise<SeedsReport['violations'][number] | undefined> {
  for (let from = 1; from <= mostSeeds; ) {
    const count = mostSeeds + 1 - from
    const [found] = (await runSeeds({ from, count, workers, script, stopAfter: 1 })).violations
    if (found === undefined) return undefined
    const unplanted = await runSeeds({ from: found.seed, count: 1, workers: 1 })
    if (unplanted.violations.length === 0) return found
    from = found.seed + 1
  }
  return undefined
}
