import { execFile } from 'node:child_process'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { startPostgres } from '@igny8-tools/postgres'
import { countModifiedWithin, countPublished, startBenchSite } from './bench-site.ts'
import type { SiteAccess } from './connect-sdk.ts'
import { median } from './median.ts'
import { type PullTime, pullWithSdk, pullWithWpapi, replay, type SdkPull } from './pull-contestants.ts'
import { type PushTime, pushBare, pushWithSdk, pushWithWpapi, writeNewPosts } from './push-contestants.ts'
import { judgeSync, type Repull } from './sync-goals.ts'

// Pulls and pushes of a real WordPress 7.1 on MariaDB, beside what the server itself takes and beside wpapi. Usage:
// npm run bench:sync -- [--json] [--assert] [--posts 10000] [--push 500] [--rounds 3]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    posts: { type: 'string', default: '10000' },
    push: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '3' },
  },
})
const posts = readNumber('posts', 500)
const push = readNumber('push', 25)
const rounds = readNumber('rounds', 1)
/** Pushes alternate in slices of this size, four full requests each, so that a noisy moment hits both. */
const slice = 100
/** Modified within the last hour, as on a site where people work. */
const recent = 200
const hourMs = 3_600_000
const startedAt = performance.now()

const wordpress = await startBenchSite({ posts, recent, tags: 200, categories: 50 }, say)
try {
  await bench()
} finally {
  await wordpress.stop()
}

async function bench(): Promise<void> {
  const { username, applicationPassword } = wordpress.users.admin
  const access: SiteAccess = { url: wordpress.url, username, applicationPassword }
  const { times, ownCpu, requests, last, repulledAtOnce } = await measurePulls(access)
  const repulls = [repulledAtOnce, await repull(last, 'a quarter of an hour later', hourMs / 4)]
  const memory = await measureMemory(access)
  const pushes = await measurePushes(access, last)
  await last.sdk.account.sync.pull({ integrationId: last.sdk.integrationId })
  repulls.push(await repull(last, 'after many pushes'))
  await last.sdk.igny8.stop()

  const medianOf = (name: string) => median(times.get(name) ?? [])
  const [pullMs, limitMs] = [medianOf('@igny8/core'), medianOf('limit of the server')]
  const verdicts = judgeSync({
    pullToLimit: round2(pullMs / limitMs),
    wpapiToPull: round2(medianOf('wpapi') / pullMs),
    repulls,
    wpapiToPush: round2(pushes.wpapiMs / pushes.sdkMs),
    pushedPosts: push,
    pushWrites: pushes.sdk.writes,
    memoryAboveIdleMb: memory.aboveIdleMb,
  })
  const rows = [...times].map(([name, all]) => ({
    name,
    medianMs: Math.round(median(all)),
    fastestMs: Math.round(Math.min(...all)),
    slowestMs: Math.round(Math.max(...all)),
    ratioToLimit: round2(median(all) / limitMs),
    ownCpuMs: Math.round(median(ownCpu.get(name) ?? [])),
  }))
  const passed = verdicts.every(({ met }) => met)
  const machine = { node: process.version, wordpress: wordpress.version, load: loadavg().map(round2) }
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  if (values.json)
    console.log(
      JSON.stringify({
        bench: 'sync',
        ...machine,
        posts,
        rounds,
        seconds,
        passed,
        verdicts,
        pullRequests: requests,
        rows,
        repulls,
        pushes,
        memory,
      }),
    )
  else {
    console.table(rows)
    console.log(`A first pull of ${posts} posts made ${requests} requests before its sweep.`)
    console.table([
      { name: '@igny8/core', medianMsOfSlice: Math.round(pushes.sdkMs), ...pushes.sdk },
      { name: 'limit of the server', medianMsOfSlice: Math.round(pushes.bareMs), ...pushes.bare },
      { name: 'wpapi', medianMsOfSlice: Math.round(pushes.wpapiMs), ...pushes.wpapi },
    ])
    console.log(
      `The push takes ${round2(pushes.sdkMs / pushes.bareMs)} x the limit of the server, which is ${round2(pushes.wpapiMs / pushes.bareMs)} x faster than wpapi.`,
    )
    console.table(verdicts)
    console.log(`memory: ${JSON.stringify(memory)}; ${JSON.stringify(machine)}; ${seconds} s in all`)
    console.log(passed ? 'Every goal is met.' : 'Goals are NOT met.')
  }
  if (values.assert && !passed) process.exitCode = 1
}

async function measurePulls(access: SiteAccess) {
  const times = new Map<string, number[]>()
  const ownCpu = new Map<string, number[]>()
  const note = (name: string, { milliseconds, cpuMs, distinctPosts }: PullTime) => {
    if (distinctPosts !== posts) throw new Error(`${name} saw ${distinctPosts} posts of ${posts}.`)
    say(`${name}: ${Math.round(milliseconds)} ms, ${Math.round(cpuMs)} ms of them our own work`)
    ownCpu.set(name, [...(ownCpu.get(name) ?? []), cpuMs])
    times.set(name, [...(times.get(name) ?? []), milliseconds])
  }
  // Everybody begins with an empty heap: nobody's time is spent on what another has left behind.
  const inTurn = async <Result extends PullTime>(name: string, pull: () => Promise<Result>): Promise<Result> => {
    globalThis.gc?.()
    const time = await pull()
    note(name, time)
    return time
  }
  async function pullRound(): Promise<SdkPull> {
    const pulled = await inTurn('@igny8/core', () => pullWithSdk(access))
    times.set('sweep of @igny8/core', [...(times.get('sweep of @igny8/core') ?? []), pulled.sweepMs])
    await inTurn('limit of the server', () => replay(pulled.requests, 2))
    await inTurn('wpapi', () => pullWithWpapi(access))
    await inTurn('one after the other', () => replay(pulled.requests, 1))
    return pulled
  }
  const repulledAtOnce = await warmUp(access)
  for (let left = rounds - 1; left > 0; left--) await stopAfter(pullRound)
  const last = await pullRound()
  return { times, ownCpu, requests: last.requests.length, last, repulledAtOnce }
}

/** Not timed: it fills the caches of PHP and of the database. */
async function warmUp(access: SiteAccess): Promise<Repull> {
  const pulled = await pullWithSdk(access)
  const repulled = await repull(pulled, 'at once')
  await pulled.sdk.igny8.stop()
  return repulled
}

/** In a function of its own, so that nothing holds what was pulled while the next one pulls. */
async function stopAfter(pull: () => Promise<SdkPull>): Promise<void> {
  const { sdk } = await pull()
  await sdk.igny8.stop()
}

async function repull({ sdk, recorder }: SdkPull, when: string, laterMs = 0): Promise<Repull> {
  const overlapRows = await countModifiedWithin(wordpress, 2)
  sdk.advance(laterMs)
  recorder.take()
  const { counts } = await sdk.account.sync.pull({ integrationId: sdk.integrationId })
  const requests = recorder.take()
  if (counts.created + counts.updated + counts.deleted > 0) throw new Error('Something had changed on the site.')
  say(`pull of nothing, ${when}: ${requests.map(({ url }) => `${url.pathname.split('/').at(-1)}`).join(', ')}`)
  return { when, requests: requests.length, overlapRows }
}

async function measurePushes(access: SiteAccess, { sdk, recorder }: SdkPull) {
  const [sdkTimes, wpapiTimes, bareTimes]: [PushTime[], PushTime[], PushTime[]] = [[], [], []]
  const slugs: string[] = []
  for (let done = 0; done < push; done += slice) {
    const ours = writeNewPosts(`sdk-${done}`, Math.min(slice, push - done))
    const theirs = writeNewPosts(`wpapi-${done}`, ours.length)
    const bare = writeNewPosts(`bare-${done}`, ours.length)
    sdkTimes.push(await pushWithSdk(sdk, recorder, ours))
    wpapiTimes.push(await pushWithWpapi(access, theirs))
    bareTimes.push(await pushBare(access, bare))
    slugs.push(...[...ours, ...theirs, ...bare].map(({ slug }) => slug))
    say(`pushed ${done + ours.length} posts three times`)
  }
  const published = await countPublished(wordpress, slugs)
  if (published !== slugs.length)
    throw new Error(`${published} of ${slugs.length} pushed posts stand under their slug.`)
  return {
    sdkMs: median(sdkTimes.map(({ milliseconds }) => milliseconds)),
    wpapiMs: median(wpapiTimes.map(({ milliseconds }) => milliseconds)),
    bareMs: median(bareTimes.map(({ milliseconds }) => milliseconds)),
    sdk: sumRequests(sdkTimes),
    wpapi: sumRequests(wpapiTimes),
    bare: sumRequests(bareTimes),
  }
}

function sumRequests(times: readonly PushTime[]) {
  const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0)
  return { writes: sum(times.map(({ writes }) => writes)), lookUps: sum(times.map(({ lookUps }) => lookUps)) }
}

/**
 * Node lets garbage lie as long as the machine has room. What a pull needs shows in a process with a small heap, as in a small container; how far it grows where there is
 * room stands beside it.
 */
async function measureMemory(access: SiteAccess) {
  const small = await pullInChild(access, ['--max-old-space-size=96', '--max-semi-space-size=4'])
  const roomy = await pullInChild(access, [])
  return { ...small, heapLimitMb: 96, aboveIdleWithRoomMb: roomy.aboveIdleMb, storage: 'PostgreSQL' }
}

async function pullInChild(access: SiteAccess, flags: readonly string[]) {
  const { NODE_OPTIONS: _, ...env } = process.env
  const database = await startPostgres()
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, '--conditions=@igny8/source', join(import.meta.dirname, 'pull-memory-bench.ts')],
    { env: { ...env, IGNY8_BENCH_SITE: JSON.stringify(access), IGNY8_BENCH_DATABASE_URL: database.url } },
  ).finally(() => database.stop())
  const seen = JSON.parse(stdout) as { idle: number; peak: number; peakHeap: number; posts: number; created: number }
  if (seen.posts !== posts || seen.created !== posts) throw new Error(`The child saw ${seen.posts} posts of ${posts}.`)
  const megabytes = (bytes: number) => round2(bytes / 2 ** 20)
  const { idle, peak, peakHeap } = seen
  const figures = { idleMb: megabytes(idle), peakMb: megabytes(peak), aboveIdleMb: megabytes(peak - idle) }
  return { ...figures, peakHeapMb: megabytes(peakHeap) }
}

function say(message: string): void {
  if (!values.json) console.error(message)
}

function readNumber(name: 'posts' | 'push' | 'rounds', least: number): number {
  const number = Number(values[name])
  if (Number.isInteger(number) && number >= least) return number
  throw new Error(`--${name} must be ${least} or more.`)
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
