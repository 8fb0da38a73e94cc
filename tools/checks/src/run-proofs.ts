import { orExit } from './or-exit.ts'
import { readScale } from './read-scale.ts'
import { runVitest } from './run-vitest.ts'

// Runs the heavy proofs (simulations, kills, faults), whole or in part:
// npm run prove -- [--scale 0.05] [what vitest takes]

const { scale, rest } = orExit(() => readScale(process.argv.slice(2)))
await runVitest(['--project', 'proof', '--passWithNoTests', ...rest], {
  IGNY8_PROOF_SCALE: scale,
  IGNY8_REQUIRE_SERVICES: '1',
})
