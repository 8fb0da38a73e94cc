import { makeCryptoDeterministic } from './deterministic-crypto.ts'
import { runSeed, warmUp } from './run-seed.ts'

// A process that runs the seeds it is given, one after the other, and ends with whoever started it.

// Thousands of errors are made on purpose and told by their message.
Error.stackTraceLimit = 0
makeCryptoDeterministic()
await warmUp()
process.on('message', (seeds: readonly number[]) => {
  void (async () => {
    for (const seed of seeds) process.send?.(await runSeed(seed))
    process.send?.('more')
  })()
})
process.on('disconnect', () => process.exit())
process.send?.('more')
