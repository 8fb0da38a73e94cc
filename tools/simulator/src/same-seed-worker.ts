import { parentPort, workerData } from 'node:worker_threads'
import { makeCryptoDeterministic } from './deterministic-crypto.ts'
import { runSeed, warmUp } from './run-seed.ts'

/** What became of a seed. */
export interface SeedRun {
  /** Of its trace. */
  readonly hash: string
  readonly violations: readonly string[]
}

// Runs seeds, one after the other.

const { seeds, freezesRows } = workerData as { readonly seeds: readonly number[]; readonly freezesRows: boolean }
makeCryptoDeterministic()
await warmUp()
const runs: SeedRun[] = []
for (const seed of seeds) {
  const { hash, violations } = await runSeed(seed, { tracing: 'hash', freezesRows })
  runs.push({ hash, violations })
}
parentPort?.postMessage(runs)
