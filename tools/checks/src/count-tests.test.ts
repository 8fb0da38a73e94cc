import { expect, it } from 'vitest'
import { countTests } from './count-tests.ts'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
})
const report = (numPassedTests: number, numFailedTests: number, ...testResults: unknown[]) =>
  JSON.stringify({ success: numFailedTests === 0, numPassedTests, numFailedTests, testResults })

it('counts tests', () => {
  expect(countTests(report(2, 0, file('passed', 'passed', 'passed')), 0)).toEqual({ passed: 2, failed: 0 })
  expect(countTests(report(1, 1, file('failed', 'passed', 'failed')), 1)).toEqual({ passed: 1, failed: 1 })
})

it('counts a file that failed outside its tests', () => {
  const broken = report(1, 0, file('passed', 'passed'), file('failed'), file('failed', 'passed'))
  expect(countTests(broken, 1)).toEqual({ passed: 1, failed: 2 })
})

it('counts a skipped test as a failure', () => {
  expect(countTests(report(1, 0, file('passed', 'passed', 'skipped', 'todo')), 0)).toEqual({ passed: 1, failed: 2 })
})

it('never takes a bad end for a good one', () => {
  expect(countTests(report(1, 0, file('passed', 'passed')), 1)).toEqual({ passed: 1, failed: 1 })
  expect(countTests(undefined, 137)).toEqual({ passed: 0, failed: 1 })
  expect(countTests(undefined, 0)).toEqual({ passed: 0, failed: 0 })
})
