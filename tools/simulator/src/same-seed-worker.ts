import { parentPort, workerData } from 'node:worker_threads'
import { makeCryptoDeterministic } from './deterministic-crypto.ts'
import { runSeed, warmUp } from './run-seed.ts'

// Runs one seed many times and tells the hashes of its traces.

const { seed, times } = workerData as { readonly seed: number; readonly times: number }
makeCryptoDeterministic()
await warmUp()
const hashes: string[] = []
for (let time = 0; time < times; time++) hashes.push((await runSeed(seed, 'hash')).hash)
parentPort?.postMessage(hashes)
