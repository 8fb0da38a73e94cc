import { existsSync, readFileSync } from 'node:fs'

/** What a run of tests came to. */
export interface TestCounts {
  readonly passed: number
  readonly failed: number
}

/** The part of the answer of vitest's JSON reporter that is read. */
interface VitestReport {
  readonly success: boolean
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/**
 * Counts a report of vitest. A file that failed outside its tests (it could not be loaded, a hook threw) is one failure, and so
 * is a run that ended badly without naming any: nothing that went wrong adds up to zero. A skipped test is a failure too,
 * since what is counted are runs that are to prove everything.
 */
export function countTests(report: string | undefined, exitCode: number): TestCounts {
  if (report === undefined) return { passed: 0, failed: exitCode === 0 ? 0 : 1 }
  const { success, numPassedTests: passed, numFailedTests, testResults } = JSON.parse(report) as VitestReport
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const skipped = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed'),
  )
  const failed = numFailedTests + brokenFiles.length + skipped.length
  return { passed, failed: failed === 0 && (!success || exitCode !== 0) ? 1 : failed }
}

if (import.meta.main) {
  const [file = '', exitCode = '0'] = process.argv.slice(2)
  const { passed, failed } = countTests(existsSync(file) ? readFileSync(file, 'utf8') : undefined, Number(exitCode))
  console.log(passed, failed)
}
