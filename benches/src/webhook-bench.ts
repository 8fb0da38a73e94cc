import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startPostgres } from '@igny8-tools/postgres'
import { median } from './median.ts'
import type { LoadOrder, Site, Volley } from './webhook-load.ts'
import { type Server, startLoad, startServer } from './webhook-processes.ts'

// Webhooks at a fixed rate, 20 % of them told twice, at our endpoint and at a bare handler of Express that only verifies, in turns; then one site floods at three times
// that rate beside the others: ours, and as the limit of this machine a bare handler that answers the flood 429 at once.
// Usage: npm run bench:webhook -- [--json] [--assert] [--seconds 60] [--rate 1000] [--postgres]: ours stores in memory, or in a PostgreSQL that loses nothing.

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '1000' },
    postgres: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
const rate = Number(values.rate)
if (!(seconds >= 4)) throw new Error('--seconds must be 4 or more.')
if (!(rate >= 50)) throw new Error('--rate must be 50 or more.')

/** Enough that none comes to its own limit. */
const siteCount = 200
/** Many and short: a machine that stands still for a tenth of a second, as one shared with others does, spoils one of them. */
const turns = 12
const floodTurns = 15
const floodSeconds = Math.max(1, seconds / 30)
/** What `--assert` holds, of the 99th percentiles: ours to bare, and others beside a flood to others alone. */
const goal = 2

const round = (value: number) => Math.round(value * 1_000) / 1_000

function quantiles(values: readonly number[]) {
  const sorted = Float64Array.from(values).sort()
  const at = (part: number) => round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0)
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}

/** Of several volleys together; the p99 of each as well, as one that the machine disturbed carries all of a common one. */
function describe(volleys: readonly Volley[]) {
  const statuses: Record<string, number> = {}
  for (const volley of volleys) for (const status of volley.statuses) statuses[status] = (statuses[status] ?? 0) + 1
  const sent = volleys.reduce((sum, volley) => sum + volley.ms.length, 0)
  return {
    requests: sent,
    ...quantiles(volleys.flatMap(({ ms }) => [...ms])),
    p50MsOfTurns: volleys.map(({ ms }) => quantiles([...ms]).p50Ms),
    p99MsOfTurns: volleys.map(({ ms }) => quantiles([...ms]).p99Ms),
    statuses,
    sender: {
      lateP99Ms: quantiles(volleys.flatMap(({ lateMs }) => [...lateMs])).p99Ms,
      loopDelayP99Ms: round(Math.max(...volleys.map(({ loopDelayMs }) => loopDelayMs))),
      cpuMsPerRequest: round(volleys.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / sent),
    },
  }
}

type Description = ReturnType<typeof describe>

/** Medians of the turns, one against the other. */
function compare(over: Description, under: Description) {
  const times = (name: 'p50MsOfTurns' | 'p99MsOfTurns') => round(median(over[name]) / median(under[name]))
  return { p50Times: times('p50MsOfTurns'), p99Times: times('p99MsOfTurns') }
}

// Unlike those of tests it writes to the disk before it answers.
const postgres = values.postgres
  ? await startPostgres({ settings: { fsync: 'on', full_page_writes: 'on' } })
  : undefined
const [ours, bare, refusing, load, flood] = await Promise.all([
  startServer('ours', siteCount, postgres?.url),
  startServer('bare', siteCount),
  startServer('refusing', siteCount),
  startLoad(),
  startLoad(),
])
const accepted = new Set<string>()
const note = (server: Server, volley: Volley): Volley => {
  if (server === ours) for (const id of volley.accepted) accepted.add(id)
  return volley
}
const orderOf = ({ url }: Server, sites: readonly Site[], perSecond: number, seconds: number): LoadOrder => ({
  url,
  sites,
  perSecond,
  seconds,
  repeats: perSecond === rate,
})

/** All sites at the common rate. */
async function fire(server: Server, sites: readonly Site[], seconds: number): Promise<Volley> {
  const go = await load.prepare(orderOf(server, sites, rate, seconds))
  return note(server, await go())
}

/** A volley's requests from one instant to another. */
function part(volley: Volley, fromMs: number, toMs: number): Volley {
  const [from, to] = [fromMs, toMs].map((ms) => Math.round(((ms - volley.startedMs) / 1_000) * rate)) as [
    number,
    number,
  ]
  const cut = { statuses: volley.statuses.subarray(from, to), ms: volley.ms.subarray(from, to) }
  return {
    ...volley,
    ...cut,
    lateMs: volley.lateMs.subarray(from, to),
    cpuMs: (volley.cpuMs * (to - from)) / volley.ms.length,
  }
}

/**
 * Other sites as before, first alone, then over the same connections beside one that sends three times as much as all of them, and has sent nothing yet: its burst
 * is let in. While the first connections are made nothing counts.
 */
async function fireFlood(server: Server, turn: number, seconds: number) {
  const flooder = server.sites[turn] as Site
  const others = server.sites.slice(floodTurns + 1)
  const [goFlood, goOthers] = await Promise.all([
    flood.prepare(orderOf(server, [flooder], 3 * rate, seconds)),
    load.prepare(orderOf(server, others, rate, 1 + 2 * seconds)),
  ])
  const all = goOthers()
  await wait((1 + seconds) * 1_000)
  const before = await server.cpuMs()
  const flooding = note(server, await goFlood())
  const cpuMs = (await server.cpuMs()) - before
  const whole = note(server, await all)
  const { startedMs } = flooding
  const alone = part(whole, whole.startedMs + 1_000, startedMs)
  return { alone, flooding, beside: part(whole, startedMs, startedMs + seconds * 1_000), cpuMs }
}

function describeFlood(volleys: readonly Awaited<ReturnType<typeof fireFlood>>[]) {
  const [alone, beside] = [describe(volleys.map((one) => one.alone)), describe(volleys.map((one) => one.beside))]
  const flooding = describe(volleys.map((one) => one.flooding))
  const cpuMs = volleys.reduce((sum, one) => sum + one.cpuMs, 0)
  const serverBusy = round(cpuMs / (floodTurns * floodSeconds * 1_000))
  return { flooding, othersAlone: alone, othersBeside: beside, serverBusy, ...compare(beside, alone) }
}

try {
  // Lets the engine compile all of them, and is not counted.
  for (const server of [ours, bare, refusing]) await fire(server, server.sites, 2)
  for (const server of [ours, refusing]) await fireFlood(server, floodTurns, 1)
  const steady = new Map<Server, Volley[]>([
    [ours, []],
    [bare, []],
  ])
  const cpuMs = new Map([...steady.keys()].map((server) => [server, 0]))
  for (let turn = 0; turn < turns; turn++)
    for (const server of turn % 2 === 0 ? [bare, ours] : [ours, bare]) {
      const before = await server.cpuMs()
      steady.get(server)?.push(await fire(server, server.sites, seconds / turns))
      cpuMs.set(server, (cpuMs.get(server) ?? 0) + (await server.cpuMs()) - before)
    }
  const floods = new Map<Server, Awaited<ReturnType<typeof fireFlood>>[]>([
    [ours, []],
    [refusing, []],
  ])
  for (let turn = 0; turn < floodTurns; turn++)
    for (const server of turn % 2 === 0 ? [refusing, ours] : [ours, refusing])
      floods.get(server)?.push(await fireFlood(server, turn, floodSeconds))

  const { recorded, dirty } = await ours.readRecords()
  const counts = new Map(recorded)
  const lost = [...accepted].filter((id) => !counts.has(id)).length
  const double = recorded.filter(([, count]) => count > 1).length
  const [oursSteady, bareSteady] = [describe(steady.get(ours) ?? []), describe(steady.get(bare) ?? [])]
  const [oursFlood, limitFlood] = [describeFlood(floods.get(ours) ?? []), describeFlood(floods.get(refusing) ?? [])]
  const result = {
    rate,
    seconds,
    storage: values.postgres ? 'postgres' : 'memory',
    ours: oursSteady,
    bare: bareSteady,
    cpuMsPerRequest: {
      ours: round((cpuMs.get(ours) ?? 0) / oursSteady.requests),
      bare: round((cpuMs.get(bare) ?? 0) / bareSteady.requests),
    },
    ...compare(oursSteady, bareSteady),
    accepted: accepted.size,
    recorded: counts.size,
    dirtyItems: dirty,
    lost,
    double,
    flood: {
      ours: oursFlood,
      limit: limitFlood,
      oursToLimit: compare(oursFlood.othersBeside, limitFlood.othersBeside),
    },
  }
  if (values.json) console.log(JSON.stringify(result, null, 2))
  else {
    const line = ({ p50Ms, p99Ms, statuses }: Description) =>
      `p50 ${p50Ms} ms, p99 ${p99Ms} ms ${JSON.stringify(statuses)}`
    console.log(`ours  ${line(oursSteady)}\nbare  ${line(bareSteady)}`)
    console.log(`ours to bare: p50 ${result.p50Times} times, p99 ${result.p99Times} times`)
    console.log(`processor: ours ${result.cpuMsPerRequest.ours} ms a request, bare ${result.cpuMsPerRequest.bare} ms`)
    console.log(`accepted ${accepted.size}, lost ${lost}, double ${double}`)
    for (const [name, { flooding, othersAlone, othersBeside, p50Times, p99Times, serverBusy }] of [
      ['ours', oursFlood],
      ['limit', limitFlood],
    ] as const) {
      console.log(`flood, ${name}: server busy ${serverBusy}, p50 ${p50Times} times, p99 ${p99Times} times`)
      console.log(
        `  others alone  ${line(othersAlone)}\n  others beside ${line(othersBeside)}\n  flooding ${line(flooding)}`,
      )
    }
  }
  const isRight = lost === 0 && double === 0 && result.p99Times <= goal && oursFlood.p99Times <= goal
  if (values.assert && !isRight) process.exitCode = 1
} finally {
  for (const child of [ours, bare, refusing, load, flood]) child.end()
  await postgres?.stop()
}
