import { orExit } from './or-exit.ts'
import { runVitest } from './run-vitest.ts'

// Runs the heavy proofs (simulations, kills, faults), whole or in part:
// npm run prove -- [--scale 0.05] [what vitest takes]

const { scale, rest } = orExit(() => readScale(process.argv.slice(2)))
await runVitest(['--project', 'proof', '--passWithNoTests', ...rest], {
  IGNY8_PROOF_SCALE: scale,
  IGNY8_REQUIRE_SERVICES: '1',
})

function readScale(given: string[]): { scale: string; rest: readonly string[] } {
  const at = given.indexOf('--scale')
  const [, scale = ''] = at === -1 ? ['--scale', '1'] : given.splice(at, 2)
  if (!(Number(scale) > 0 && Number(scale) <= 1))
    throw new Error('--scale takes a number above 0, up to 1 for all of it')
  return { scale, rest: given }
}
