import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Webhook } from 'standardwebhooks'
import { fireOpenLoop, type Hit, type Shot } from './open-loop.ts'

// Webhooks at a fixed rate, 20 % of them told twice, at our endpoint and at a bare handler of Express that only verifies, in turns; then one site floods ours at three
// times that rate beside the others. Usage: npm run bench:webhook -- [--json] [--assert] [--seconds 60] [--rate 1000]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '1000' },
  },
})
const seconds = Number(values.seconds)
const rate = Number(values.rate)
if (!(seconds >= 4)) throw new Error('--seconds must be 4 or more.')
if (!(rate >= 50)) throw new Error('--rate must be 50 or more.')

/** Enough that none comes to its own limit. */
const siteCount = 200
const turns = 4
/** What `--assert` holds: a flood may slow the others down by so much. */
const floodGoal = 2

interface Site {
  readonly url: string
  readonly secret: string
}

interface Server {
  readonly child: ChildProcess
  readonly url: string
  readonly sites: readonly Site[]
}

async function start(kind: 'ours' | 'bare'): Promise<Server> {
  const child = fork(new URL('./webhook-server.ts', import.meta.url), [kind, String(siteCount)], {
    execArgv: ['--conditions=@igny8/source'],
  })
  const [{ port, sites }] = (await once(child, 'message')) as [{ port: number; sites: readonly Site[] }]
  return { child, url: `http://127.0.0.1:${port}/api/v1/integration/webhook/fake/`, sites }
}

interface Report {
  readonly recorded: readonly (readonly [string, number])[]
  readonly dirty: number
  /** Of the processor, since the start: what others do on the machine does not count. */
  readonly cpuMs: number
}

async function ask({ child }: Server): Promise<Report> {
  child.send('report')
  const [report] = (await once(child, 'message')) as [Report]
  return report
}

let made = 0

/** A new delivery of a site, signed now. */
function sign({ url, secret }: Site, site: number): Shot {
  const id = `delivery-${++made}`
  const body = JSON.stringify({ action: 'post_updated', post_id: (made % 400) + 1, post_type: 'post', site_url: url })
  const now = new Date()
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-client': `10.${Math.floor(site / 250)}.${site % 250}.1`,
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    },
  }
}

/** Deliveries of all sites in turn; every fifth is one that was sent before. */
function load(server: Server, seconds: number, from = 0): readonly Shot[] {
  const shots: Shot[] = []
  const sites = server.sites.slice(from)
  for (let number = 0; number < rate * seconds; number++) {
    const before = shots[Math.max(0, number - 3)]
    const site = number % sites.length
    if (number % 5 === 4 && before !== undefined) shots.push(before)
    else shots.push(sign(sites[site] as Site, from + site))
  }
  return shots
}

const fire = (server: Server, shots: readonly Shot[], perSecond: number) =>
  fireOpenLoop({
    url: server.url,
    perSecond,
    seconds: shots.length / perSecond,
    shotAt: (number) => shots[number] as Shot,
  })

function describe(hits: readonly Hit[]) {
  const sorted = hits.map(({ ms }) => ms).toSorted((left, right) => left - right)
  const at = (part: number) => Math.round((sorted[Math.floor((sorted.length - 1) * part)] ?? 0) * 100) / 100
  const statuses: Record<string, number> = {}
  for (const { status } of hits) statuses[status] = (statuses[status] ?? 0) + 1
  return { requests: hits.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), statuses }
}

const servers = { ours: await start('ours'), bare: await start('bare') }
try {
  // Lets the engine compile both, and is not counted.
  for (const server of Object.values(servers)) await fire(server, load(server, 2), rate)
  const accepted = new Set<string>()
  const note = (shots: readonly Shot[], hits: readonly Hit[]) => {
    for (const [number, { status }] of hits.entries())
      if (status === 202) accepted.add(shots[number]?.headers['webhook-id'] ?? '')
  }
  const hits: Record<keyof typeof servers, Hit[]> = { ours: [], bare: [] }
  const before = { ours: await ask(servers.ours), bare: await ask(servers.bare) }
  for (let turn = 0; turn < turns; turn++)
    for (const name of turn % 2 === 0 ? (['bare', 'ours'] as const) : (['ours', 'bare'] as const)) {
      const shots = load(servers[name], seconds / turns)
      const answered = await fire(servers[name], shots, rate)
      hits[name].push(...answered)
      if (name === 'ours') note(shots, answered)
    }

  const cpuMsOf = async (name: keyof typeof servers) => {
    const usedMs = (await ask(servers[name])).cpuMs - before[name].cpuMs
    return Math.round((usedMs / hits[name].length) * 1_000) / 1_000
  }
  const cpuMsPerRequest = { ours: await cpuMsOf('ours'), bare: await cpuMsOf('bare') }

  // The flood: all other sites as before, first alone, then beside one site that sends three times as much as all of them.
  const floodSeconds = Math.max(2, seconds / 6)
  const others = () => load(servers.ours, floodSeconds, 1)
  const calmShots = others()
  const calm = await fire(servers.ours, calmShots, rate)
  note(calmShots, calm)
  const flooder = servers.ours.sites[0] as Site
  const floodShots = Array.from({ length: 3 * rate * floodSeconds }, () => sign(flooder, 0))
  const besideShots = others()
  const [flood, beside] = await Promise.all([
    fire(servers.ours, floodShots, 3 * rate),
    fire(servers.ours, besideShots, rate),
  ])
  note(besideShots, beside)
  note(floodShots, flood)

  const { recorded, dirty } = await ask(servers.ours)
  const counts = new Map(recorded)
  const lost = [...accepted].filter((id) => !counts.has(id)).length
  const double = recorded.filter(([, count]) => count > 1).length
  const [ours, bare, alone, flooded] = [describe(hits.ours), describe(hits.bare), describe(calm), describe(beside)]
  const result = {
    rate,
    seconds,
    ours,
    bare,
    cpuMsPerRequest,
    p99Times: Math.round((ours.p99Ms / bare.p99Ms) * 100) / 100,
    accepted: accepted.size,
    recorded: counts.size,
    dirtyItems: dirty,
    lost,
    double,
    flood: {
      flooding: describe(flood),
      othersAlone: alone,
      othersBeside: flooded,
      p50Times: Math.round((flooded.p50Ms / alone.p50Ms) * 100) / 100,
      p99Times: Math.round((flooded.p99Ms / alone.p99Ms) * 100) / 100,
    },
  }
  if (values.json) console.log(JSON.stringify(result, null, 2))
  else {
    console.log(`ours  p50 ${ours.p50Ms} ms, p99 ${ours.p99Ms} ms ${JSON.stringify(ours.statuses)}`)
    console.log(`bare  p50 ${bare.p50Ms} ms, p99 ${bare.p99Ms} ms ${JSON.stringify(bare.statuses)}`)
    console.log(`processor: ours ${cpuMsPerRequest.ours} ms a request, bare ${cpuMsPerRequest.bare} ms`)
    console.log(`accepted ${accepted.size}, lost ${lost}, double ${double}`)
    console.log(
      `flood others alone p50 ${alone.p50Ms} p99 ${alone.p99Ms} ms; beside p50 ${flooded.p50Ms} p99 ${flooded.p99Ms} ms; ` +
        `flooding ${JSON.stringify(result.flood.flooding.statuses)}`,
    )
  }
  const isRight = lost === 0 && double === 0 && result.flood.p99Times <= floodGoal
  if (values.assert && !isRight) process.exitCode = 1
} finally {
  for (const { child } of Object.values(servers)) child.kill()
}
