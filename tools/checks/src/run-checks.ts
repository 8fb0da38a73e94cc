import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import { projectRoot, readProjectJson } from './project-files.ts'

// Runs every `check:*` script of the root's package.json, or those that are named, a few at a time.

interface Outcome {
  readonly check: string
  readonly passed: boolean
  readonly seconds: number
  readonly output: string
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const { scripts } = readProjectJson<{ scripts: Record<string, string> }>('package.json')
const all = Object.keys(scripts).flatMap((name) => (name.startsWith('check:') ? [name.slice('check:'.length)] : []))
const unknown = positionals.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`There is no check ${unknown.join(', ')}. The checks are: ${all.join(', ')}.`)
  process.exit(2)
}

const outcomes: Outcome[] = []
const waiting = positionals.length === 0 ? [...all] : [...positionals]
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, runNext))
report()

async function runNext(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    const outcome = await runCheck(check)
    outcomes.push(outcome)
    const { passed, seconds } = outcome
    if (!values.json)
      console.log(`${passed ? 'pass' : 'FAIL'}  ${check.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`)
  }
}

/** Runs the script as npm would; npm itself has put the workspace's programs on the PATH. */
function runCheck(check: string): Promise<Outcome> {
  const startedAt = performance.now()
  const child = spawn(scripts[`check:${check}`] ?? 'false', {
    cwd: projectRoot,
    shell: true,
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((resolve) => {
    const settle = (passed: boolean, note = ''): void => {
      const output = stripVTControlCharacters(`${Buffer.concat(chunks).toString('utf8')}${note}`).trim()
      resolve({ check, passed, seconds: (performance.now() - startedAt) / 1000, output })
    }
    child.on('error', (error) => settle(false, error.message))
    child.on('close', (code) => settle(code === 0))
  })
}

function report(): void {
  const failed = outcomes.filter(({ passed }) => !passed)
  process.exitCode = failed.length === 0 ? 0 : 1
  if (values.json) {
    const checks = outcomes.map(({ output, ...outcome }) => (outcome.passed ? outcome : { ...outcome, output }))
    console.log(JSON.stringify({ passed: outcomes.length - failed.length, failed: failed.length, checks }))
    return
  }
  for (const { check, output } of failed) console.log(`\n── ${check}: npm run check:${check}\n${output}`)
  console.log(`\n${outcomes.length - failed.length} passed, ${failed.length} failed`)
}
