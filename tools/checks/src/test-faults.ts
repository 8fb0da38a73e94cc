import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { orExit } from './or-exit.ts'
import { readScale, readSeed } from './read-scale.ts'
import { runVitest } from './run-vitest.ts'

// Lets requests between the SDK and a real WordPress fail, whole or in part, and prints what became of it:
// npm run test:faults -- [--scale 0.05] [--seed 1] [--json] [what vitest takes]

const { scale, seed, rest } = orExit(() => {
  const { scale, rest: afterScale } = readScale(process.argv.slice(2))
  return { scale, ...readSeed(afterScale) }
})
const isJson = rest.includes('--json')
const directory = await mkdtemp(join(tmpdir(), 'igny8-faults-'))
const report = join(directory, 'report.json')
const more = rest.filter((word) => word !== '--json')
await runVitest(
  ['--project', 'proof', 'tests/src/faults', ...more],
  {
    IGNY8_PROOF_SCALE: scale,
    IGNY8_FAULTS_SEED: seed,
    IGNY8_FAULTS_REPORT: report,
    IGNY8_REQUIRE_SERVICES: '1',
  },
  isJson ? 'stderr' : 'stdout',
)
if (isJson) console.log(await readFile(report, 'utf8'))
await rm(directory, { recursive: true, force: true })
