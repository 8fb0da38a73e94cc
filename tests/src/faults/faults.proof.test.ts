import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { type FaultProxy, startFaultProxy } from '@igny8-tools/fault-proxy'
import { type Database, type RunningWordPress, startWordPress, type WordPressVersion } from '@igny8-tools/wordpress'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMovableClock, type MovableClock } from './movable-clock.ts'
import { planScenarios, type Scenario } from './plan-scenarios.ts'
import { publishNew, publishUpdate, pushTen, unpublish } from './publishing-operations.ts'
import { connecting, firstPull, laterPull, webhook } from './reading-operations.ts'
import { addResult, createReport, describeReport } from './report.ts'
import { runScenario } from './run-scenario.ts'
import { createSiteEditor } from './site-editor.ts'
import { bothWays, conflict, removals } from './two-sided-operations.ts'
import type { Surroundings } from './world.ts'

const operations = [
  ...[connecting, firstPull, laterPull, publishNew, publishUpdate, pushTen, unpublish],
  ...[...removals, conflict, webhook, bothWays],
]
const { env } = process
const scale = Number(env.IGNY8_PROOF_SCALE ?? '1')
const seed = Number(env.IGNY8_FAULTS_SEED ?? '1')
/** To repeat one: `operation/fault/number of the request`, or its beginning. */
const only = env.IGNY8_FAULTS_ONLY ?? ''

// Skipped unless IGNY8_REQUIRE_SERVICES=1: it starts a real WordPress.
describe.skipIf(env.IGNY8_REQUIRE_SERVICES !== '1')('faults between the SDK and a real WordPress', () => {
  const report = createReport()
  let wordpress: RunningWordPress
  let proxy: FaultProxy
  let clock: MovableClock
  let surroundings: Surroundings
  let giveDeadlinesBack = () => {}

  beforeAll(async () => {
    clock = createMovableClock(() => proxy.busy() > 0)
    proxy = await startFaultProxy({ time: clock })
    wordpress = await startWordPress({
      version: (env.IGNY8_WORDPRESS_VERSION ?? (scale < 1 ? '6.8' : '7.1')) as WordPressVersion,
      database: (env.IGNY8_WORDPRESS_DATABASE ?? (scale < 1 ? 'sqlite' : 'mariadb')) as Database,
      address: proxy.url,
    })
    proxy.forwardTo(wordpress.url)
    surroundings = { wordpress, proxy, clock, editor: await createSiteEditor(wordpress) }
    giveDeadlinesBack = clock.takeOverDeadlines()
  })

  afterAll(async () => {
    giveDeadlinesBack()
    clock?.stop()
    await wordpress?.stop()
    await proxy?.stop()
    process.stdout.write(`${describeReport(report)}\n`)
  })

  /** After every scenario, so that a run that is ended early has figures too. */
  async function save(): Promise<void> {
    if (env.IGNY8_FAULTS_REPORT !== undefined) await writeFile(env.IGNY8_FAULTS_REPORT, JSON.stringify(report))
  }
  const name = ({ operation, fault, request }: Scenario) => `${operation}/${fault.name}/${request}`

  it.each(operations)('$name: nothing doubled, nothing lost, nothing left', async (operation) => {
    const calm = await runScenario(surroundings, operation, { key: `${seed} ${operation.name}`, plan: () => null })
    expect(calm).toMatchObject({ duplicates: [], lost: [], others: [], failures: [], hung: false })
    const { exchanges: requests } = calm
    const scenarios = planScenarios({ operation: operation.name, requests, seed, scale: only === '' ? scale : 1 })
    for (const scenario of scenarios.filter((candidate) => name(candidate).startsWith(only))) {
      const { fault, request } = scenario
      const isHit = (number: number) => number >= request && number < request + fault.requests
      const result = await runScenario(surroundings, operation, {
        key: `${seed} ${name(scenario)}`,
        plan: (number) => (isHit(number) ? fault.fault : null),
        isRushed: fault.isRushed,
      })
      addResult(report, scenario, name(scenario), result)
      await save()
    }
    expect(report.failed.filter((failed) => failed.name.startsWith(`${operation.name}/`))).toEqual([])
  })

  it('leaves no connection and no process behind', async () => {
    await expect.poll(() => proxy.openConnections()).toBe(0)
    await wordpress.stop()
    expect(existsSync(wordpress.directory)).toBe(false)
    await expect(fetch(wordpress.url)).rejects.toThrow()
  })
})
