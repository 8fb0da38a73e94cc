import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'

// Everything that is kept, beside the least that could keep it: the storage on PostgreSQL, durable jobs, the storage in memory. Each in a process of its own, one
// after the other. Usage: npm run bench:storage -- [--json] [--assert]

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, assert: { type: 'boolean', default: false } },
})

/** What every bench of them reports. */
interface Report {
  readonly bench: string
  readonly passed: boolean
  readonly ratios: readonly object[]
}

const reports: Report[] = []
for (const script of ['storage-postgres-bench.ts', 'jobs-bench.ts', 'storage-memory-bench.ts']) {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@igny8/source', path, '--json'])
  reports.push(JSON.parse(stdout) as Report)
}
const passed = reports.every((report) => report.passed)
if (values.json) console.log(JSON.stringify({ bench: 'storage', node: process.version, passed, parts: reports }))
else {
  for (const { bench, ratios } of reports) {
    console.log(bench)
    console.table(ratios)
  }
  console.log(`storage and jobs: goals ${passed ? 'met' : 'NOT met'}`)
}
if (values.assert && !passed) process.exitCode = 1
