import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { orExit } from './or-exit.ts'
import { readScale, readSeed } from './read-scale.ts'
import { runVitest } from './run-vitest.ts'

// Kills processes that synchronise with a WordPress, at any moment, and prints what became of it:
// npm run test:kill -- [--kills 200] [--minutes 6] [--database postgres|pglite] [--seed 1] [--scale 0.05] [--json]
// With --minutes, no worker is killed any more after so long; what was done until then is judged.

const { scale, seed, values } = orExit(() => {
  const { scale, rest: afterScale } = readScale(process.argv.slice(2))
  const { seed, rest } = readSeed(afterScale)
  const { values } = parseArgs({
    args: [...rest],
    options: {
      kills: { type: 'string' },
      minutes: { type: 'string' },
      database: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  for (const name of ['kills', 'minutes'] as const)
    if (values[name] !== undefined && !/^[1-9]\d{0,4}$/.test(values[name]))
      throw new Error(`--${name} takes a whole number`)
  if (values.database !== undefined && !['postgres', 'pglite'].includes(values.database))
    throw new Error('--database is postgres or pglite; both without it')
  return { scale, seed, values }
})
const directory = await mkdtemp(join(tmpdir(), 'igny8-kill-'))
const report = join(directory, 'report.json')
await runVitest(
  ['--project', 'proof', 'tests/src/kills'],
  {
    IGNY8_PROOF_SCALE: scale,
    IGNY8_KILLS_SEED: seed,
    IGNY8_KILLS_REPORT: report,
    IGNY8_REQUIRE_SERVICES: '1',
    ...(values.kills === undefined ? {} : { IGNY8_KILLS: values.kills }),
    ...(values.minutes === undefined ? {} : { IGNY8_KILLS_MINUTES: values.minutes }),
    ...(values.database === undefined ? {} : { IGNY8_KILLS_DATABASE: values.database }),
  },
  values.json ? 'stderr' : 'stdout',
)
if (values.json) console.log(await readFile(report, 'utf8').catch(() => '[]'))
await rm(directory, { recursive: true, force: true })
