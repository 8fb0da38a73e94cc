import { parseArgs } from 'node:util'
import { median } from './median.ts'
import { type Generate, openCroner, openCronParser, openPlanner, openRRule, quotas } from './plan-contestants.ts'

// A queue planned with zone, slots, gap and quotas, beside libraries that list as many instants without quotas. Usage:
// npm run bench:plan -- [--json] [--assert] [--items 100000] [--rounds 5]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    items: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
  },
})
const count = Number(values.items)
const rounds = Number(values.rounds)
if (!Number.isInteger(count) || count < 1_000) throw new Error('--items must be 1000 or more.')
if (!Number.isInteger(rounds) || rounds < 3) throw new Error('--rounds must be 3 or more.')

const zone = 'America/New_York'
const hourMs = 3_600_000

const startedAt = performance.now()
const planner = await openPlanner(zone, 'quotas')
planner(count)
const firstMs = performance.now() - startedAt

const contestants: Readonly<Record<string, Generate>> = {
  planner,
  'planner in UTC': await openPlanner('UTC', 'quotas'),
  croner: openCroner(zone),
  'cron-parser': openCronParser(zone),
  'rrule in UTC': openRRule(),
}
await check()

const goals = [
  { name: 'croner', against: 'planner', goal: 30 },
  { name: 'cron-parser', against: 'planner', goal: 100 },
  { name: 'rrule in UTC', against: 'planner in UTC', goal: 1 },
]
const times = new Map<string, { own: number[]; planner: number[] }>()
// The first round lets the engine compile all, and is not counted. Each has a run of the planner right before it.
for (let round = 0; round <= rounds; round++)
  for (const { name, against } of goals) {
    const [planner, own] = [cpuMsOf(against), cpuMsOf(name)]
    const all = times.get(name) ?? { own: [], planner: [] }
    times.set(name, all)
    if (round === 0) continue
    all.own.push(own)
    all.planner.push(planner)
  }

const ratios = goals.map(({ name, goal }) => {
  const { own, planner } = times.get(name) ?? { own: [], planner: [] }
  const ratio = round2(median(own) / median(planner))
  return { name, ms: round2(median(own)), plannerMs: round2(median(planner)), ratio, goal, met: ratio >= goal }
})
const passed = ratios.every(({ met }) => met)
if (values.json)
  console.log(
    JSON.stringify({
      bench: 'plan',
      node: process.version,
      items: count,
      rounds,
      firstMs: round2(firstMs),
      passed,
      ratios,
    }),
  )
else {
  console.table(ratios)
  console.log(
    `${count} items; the first plan, zone included: ${Math.round(firstMs)} ms; goals ${passed ? 'met' : 'NOT met'}`,
  )
}
if (values.assert && !passed) process.exitCode = 1

/** Time of the processor, garbage collection included: neighbours on the machine count for nothing. */
function cpuMsOf(name: string): number {
  const before = process.cpuUsage()
  const instants = contestants[name]?.(count) ?? new Float64Array()
  const { user, system } = process.cpuUsage(before)
  if (instants.length !== count || Number.isNaN(instants[count - 1])) throw new Error(`${name} stopped early.`)
  return (user + system) / 1_000
}

/** All list the same instants where no quota binds, and the planner keeps its quotas where they do. */
async function check(): Promise<void> {
  const sample = 20_000
  const zoned = (await openPlanner(zone, 'unlimited'))(sample)
  const utc = (await openPlanner('UTC', 'unlimited'))(sample)
  for (const [name, generate] of Object.entries(contestants)) {
    if (name.startsWith('planner')) continue
    const expected = name.endsWith('UTC') ? utc : zoned
    const instants = generate(sample)
    const different = instants.findIndex((at, index) => at !== expected[index])
    if (instants.length !== sample || different >= 0)
      throw new Error(`${name} differs at ${different}: ${instants[different]} instead of ${expected[different]}`)
  }
  for (const [name, timeZone] of [
    ['planner', zone],
    ['planner in UTC', 'UTC'],
  ] as const) {
    const instants = contestants[name]?.(count) ?? new Float64Array()
    const local = new Intl.DateTimeFormat('sv-SE', { timeZone })
    const days = new Map<string, number>()
    const months = new Map<string, number>()
    const weeks = new Map<number, number>()
    let last = Number.NEGATIVE_INFINITY
    for (const at of instants) {
      if (!(at - last >= hourMs / 4)) throw new Error(`${name} breaks its gap.`)
      last = at
      const date = local.format(at)
      const week = Math.floor((Date.parse(date) / (24 * hourMs) + 3) / 7)
      days.set(date, (days.get(date) ?? 0) + 1)
      weeks.set(week, (weeks.get(week) ?? 0) + 1)
      months.set(date.slice(0, 7), (months.get(date.slice(0, 7)) ?? 0) + 1)
    }
    if (Math.max(...days.values()) !== quotas.dailyPublishLimit) throw new Error(`${name} breaks its daily limit.`)
    if (Math.max(...weeks.values()) !== quotas.weeklyPublishLimit) throw new Error(`${name} breaks its weekly limit.`)
    if (Math.max(...months.values()) !== quotas.monthlyPublishLimit)
      throw new Error(`${name} breaks its monthly limit.`)
  }
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
