import type { Exchange } from '@igny8-tools/fault-proxy'
import type { Scenario } from './plan-scenarios.ts'
import type { ScenarioResult } from './run-scenario.ts'

interface Tally {
  scenarios: number
  failed: number
}

/** Figures of a whole run. */
export interface FaultReport {
  scenarios: number
  /** Scenarios in which the request that was to be hit never came. */
  missed: number
  duplicates: number
  /** What the network sent twice and WordPress keeps twice, counted apart. */
  doubledOnTheWay: number
  lost: number
  hung: number
  others: number
  seconds: number
  readonly byOperation: Record<string, Tally>
  readonly byFault: Record<string, Tally>
  readonly failed: {
    readonly name: string
    readonly problems: readonly string[]
    readonly failures: readonly string[]
    readonly requests: readonly string[]
  }[]
}

export function createReport(): FaultReport {
  const counts = { scenarios: 0, missed: 0, duplicates: 0, doubledOnTheWay: 0, lost: 0, hung: 0, others: 0, seconds: 0 }
  return { ...counts, byOperation: {}, byFault: {}, failed: [] }
}

export function addResult(report: FaultReport, scenario: Scenario, name: string, result: ScenarioResult): void {
  const problems = [...result.duplicates, ...result.lost, ...result.others, ...(result.hung ? ['it hung'] : [])]
  report.scenarios++
  report.duplicates += result.duplicates.length
  report.doubledOnTheWay += result.doubledOnTheWay.length
  report.lost += result.lost.length
  report.others += result.others.length
  report.hung += result.hung ? 1 : 0
  report.missed += result.exchanges.some(({ fault }) => fault !== null) ? 0 : 1
  report.seconds += result.seconds
  count(report.byOperation, scenario.operation, problems.length > 0)
  count(report.byFault, scenario.fault.name, problems.length > 0)
  if (problems.length > 0)
    report.failed.push({ name, problems, failures: result.failures, requests: result.exchanges.map(describeExchange) })
}

export function describeReport(report: FaultReport): string {
  const { scenarios, duplicates, doubledOnTheWay, lost, hung, others, missed, seconds } = report
  const table = (tallies: Readonly<Record<string, Tally>>) =>
    Object.entries(tallies).map(([name, tally]) => `  ${name.padEnd(34)} ${tally.scenarios}, ${tally.failed} failed`)
  return [
    `${scenarios} scenarios in ${Math.round(seconds)} s: ${duplicates} duplicates (and ${doubledOnTheWay} that the network doubled or brought too late), ${lost} lost, ${hung} hung, ${others} other problems; ${missed} not hit`,
    ...table(report.byOperation),
    ...table(report.byFault),
    ...report.failed.map(
      ({ name, problems, failures, requests }) =>
        `${name}\n    ${problems.join('\n    ')}\n    after ${failures.join(', ')}\n    ${requests.join('\n    ')}`,
    ),
  ].join('\n')
}

function describeExchange({ number, method, path, fault }: Exchange): string {
  return `${number} ${method} ${path.slice(0, 100)}${fault === null ? '' : ` ← ${JSON.stringify(fault)}`}`
}

function count(tallies: Record<string, Tally>, name: string, isFailed: boolean): void {
  const tally = tallies[name] ?? { scenarios: 0, failed: 0 }
  tallies[name] = { scenarios: tally.scenarios + 1, failed: tally.failed + (isFailed ? 1 : 0) }
}
