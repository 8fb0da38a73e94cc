import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { makeCryptoDeterministic } from './deterministic-crypto.ts'
import { removeCopies } from './plant-bug.ts'
import { plantedBugs } from './planted-bugs.ts'
import { runBites } from './run-bites.ts'
import { runSeed, warmUp } from './run-seed.ts'
import { runSeeds, type SeedsReport } from './run-seeds.ts'

// Two processes, one storage and a site, with faults at every call; see README.md beside the sources.
// npm run simulate -- --seeds 10000 [--from 1] [--workers N] [--json]
// npm run simulate -- --seed 4711 [--trace]
// npm run simulate -- --bite [--seeds 4000] [part of a bug's name] [--json]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    bite: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

const isBad = values.bite
  ? await biteAll()
  : values.seed === undefined
    ? await runMany()
    : await replay(Number(values.seed))
if (isBad) process.exitCode = 1

async function replay(seed: number): Promise<boolean> {
  makeCryptoDeterministic()
  await warmUp()
  const { trace, ...result } = await runSeed(seed, { tracing: 'lines' })
  if (values.trace) console.log(trace.join('\n'))
  console.log(values.json ? JSON.stringify(result) : describe(result))
  return result.violations.length > 0
}

function describe({ violations, faults, ...numbers }: Omit<Awaited<ReturnType<typeof runSeed>>, 'trace'>): string {
  const told = [...Object.entries(numbers), ...Object.entries(faults)].map(([name, value]) => `${name}: ${value}`)
  return [...told, ...(violations.length === 0 ? ['no violation'] : violations)].join('\n')
}

async function runMany(): Promise<boolean> {
  const count = Number(values.seeds ?? 1_000)
  const report = await runSeeds({
    from: Number(values.from),
    count,
    workers: Number(values.workers),
    onResult(_result, done) {
      if (process.stderr.isTTY && done % 20 === 0) process.stderr.write(`\r${done} of ${count} seeds`)
    },
  })
  if (process.stderr.isTTY) process.stderr.write('\r')
  console.log(values.json ? JSON.stringify(report) : tabulate(report))
  return report.violations.length > 0
}

/** Looks for every planted bug. */
async function biteAll(): Promise<boolean> {
  const bugs = plantedBugs.filter(({ name }) => positionals.every((part) => name.includes(part)))
  const bites = await runBites({
    bugs,
    workers: Number(values.workers),
    mostSeeds: Number(values.seeds ?? 4_000),
    onBite({ name, seed, message, seconds }) {
      if (values.json) return
      const found = seed === null ? 'NOT FOUND' : `found at seed ${seed}`
      console.log(
        `${found.padEnd(20)} ${seconds.toFixed(1).padStart(6)} s  ${name}\n    ${message?.slice(0, 160) ?? ''}`,
      )
    },
  })
  await removeCopies()
  if (values.json) console.log(JSON.stringify(bites))
  return bites.some(({ seed }) => seed === null)
}

function tabulate({ faults, violations, seconds, ...sums }: SeedsReport): string {
  const rows = [
    ...Object.entries(sums),
    ...Object.entries(faults).map(([name, value]) => [`fault: ${name}`, value] as const),
  ]
  const told = violations.flatMap(({ seed, messages }) => [
    ...messages.map((message) => `seed ${seed}: ${message}`),
    `    step by step: npm run simulate -- --seed ${seed} --trace`,
  ])
  return [
    ...told,
    ...rows.map(([name, value]) => `${name.padEnd(28)} ${String(value).padStart(9)}`),
    `${'seconds'.padEnd(28)} ${seconds.toFixed(1).padStart(9)}`,
    `${violations.length} seeds with violations`,
  ].join('\n')
}
