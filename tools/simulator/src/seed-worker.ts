import { parentPort } from 'node:worker_threads'
import { makeCryptoDeterministic } from './deterministic-crypto.ts'
import { runSeed, warmUp } from './run-seed.ts'

// A thread that runs the seeds it is given, one after the other.

// Thousands of errors are made on purpose and told by their message.
Error.stackTraceLimit = 0
makeCryptoDeterministic()
await warmUp()
parentPort?.on('message', (seeds: readonly number[]) => {
  void (async () => {
    for (const seed of seeds) parentPort?.postMessage(await runSeed(seed))
    parentPort?.postMessage('more')
  })()
})
parentPort?.postMessage('more')
