import { execFile } from 'node:child_process'
import { parseArgs } from 'node:util'
import { type ImportSubject, importSubjects } from './import-subjects.ts'
import { median } from './median.ts'

// How long a fresh process takes to import a package, as built, beside packages of the same kind. Usage:
// npm run bench:import -- [--json] [--assert] [--rounds 21] [--skip-build]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '21' },
    'skip-build': { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 15)
  throw new Error('--rounds must be 15 or more, for a median that means something.')

/** What core may take, as a part of what openai takes in the same run. */
const goal = 0.7
const folder = `${import.meta.dirname}/..`

if (!values['skip-build']) await run('npm', ['run', 'build', '--silent'], `${folder}/..`)
const times = new Map(importSubjects.map(({ name }) => [name, [] as number[]]))
// The first round fills the caches of the file system, and proves that what is timed is what is meant.
for (let round = 0; round <= rounds; round++) {
  for (const subject of importSubjects) {
    const { milliseconds, proof } = await importOnce(subject)
    if (proof !== 'function')
      throw new Error(`${subject.name} has no ${subject.proof}: its build or installation is broken.`)
    if (round > 0) times.get(subject.name)?.push(milliseconds)
  }
}

const reference = median(times.get('openai') ?? [])
const rows = [...times].map(([name, all]) => ({
  name,
  medianMs: round2(median(all)),
  fastestMs: round2(Math.min(...all)),
  slowestMs: round2(Math.max(...all)),
  ratioToOpenai: round2(median(all) / reference),
}))
const ratio = rows.find(({ name }) => name === '@igny8/core')?.ratioToOpenai ?? Number.POSITIVE_INFINITY
const passed = ratio <= goal
if (values.json)
  console.log(JSON.stringify({ bench: 'import', node: process.version, rounds, goal, ratio, passed, rows }))
else {
  console.table(rows)
  console.log(`core takes ${ratio} of what openai takes; the goal is ${goal} or less: ${passed ? 'met' : 'NOT met'}`)
}
if (values.assert && !passed) process.exitCode = 1

/** Times the import alone, so that the start of Node itself counts for nobody. */
async function importOnce({ specifiers, proof }: ImportSubject): Promise<{ milliseconds: number; proof: string }> {
  const script = `
    const startedAt = performance.now()
    const [module] = await Promise.all(${JSON.stringify(specifiers)}.map((specifier) => import(specifier)))
    const milliseconds = performance.now() - startedAt
    process.stdout.write(JSON.stringify({ milliseconds, proof: typeof module[${JSON.stringify(proof)}] }))`
  const answer = await run(process.execPath, ['--input-type=module', '--eval', script], folder)
  return JSON.parse(answer) as { milliseconds: number; proof: string }
}

function run(program: string, parameters: readonly string[], cwd: string): Promise<string> {
  const { NODE_OPTIONS: _, NODE_COMPILE_CACHE: __, ...env } = process.env
  return new Promise((resolve, reject) => {
    execFile(program, parameters, { cwd, env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${program} failed:\n${stdout}\n${stderr}`, { cause: error }))
    })
  })
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
