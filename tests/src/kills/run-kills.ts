import { setTimeout } from 'node:timers/promises'
import type { SyncLink } from '@igny8/core'
import { checkInvariants } from '../faults/check-invariants.ts'
import { createDice, type Dice } from './dice.ts'
import { createHeardEvents } from './heard-events.ts'
import { listHeldLeases, readLeft, readPendingWork } from './pending-work.ts'
import { createPeople, isPassing, type People } from './people.ts'
import { startWorker, type Worker } from './start-worker.ts'
import { startWatchedSite, type WatchedSite } from './watched-site.ts'
import type { WorkerSettings } from './worker-words.ts'

/** What to kill, and how often. */
export interface KillPlan {
  readonly name: string
  readonly database: WorkerSettings['database']
  readonly workers: number
  readonly kills: number
  /** No further kill after so long. */
  readonly minutes?: number | undefined
  readonly seed: number
  readonly isLoud?: boolean
}

/** What became of it. */
export interface KillReport {
  readonly database: string
  readonly kills: number
  /** Kills that left work behind: pushes or runs that were under way. */
  readonly killsWithWork: number
  /** The longest of them beside what it might take, and how many took longer than they might. */
  readonly recovery: {
    readonly medianMs: number
    readonly longestMs: number
    readonly limitMs: number
    readonly overdue: number
  }
  readonly duplicates: readonly string[]
  readonly lost: readonly string[]
  readonly others: readonly string[]
  readonly edits: number
  readonly items: number
  readonly events: { readonly delivered: number; readonly again: number }
  readonly seconds: number
}

const timing = { leaseMs: 2_000, requestTimeoutMs: 1_500, settleMs: 4_000, sweepEveryMs: 1_000 }
/** What is pending when a process dies is done so long afterwards, where a worker starts within `promptMs`; on a machine that is slower at the time, as much later as it is slower. */
const recoveryMs = 15_000
const promptMs = 4_000
/** How many times as long is waited for what is late, so that a report says how late it came. */
const patience = 3

/** Kills workers until the plan is done, checks after each recovery, and returns what was found. Throws where the harness itself fails. */
export async function runKills(plan: KillPlan): Promise<KillReport> {
  const begun = performance.now()
  const dice = createDice(`${plan.name} ${plan.seed}`)
  const watched = await startWatchedSite()
  const heard = createHeardEvents()
  const settings = { database: plan.database, siteUrl: watched.url, timing, isLoud: plan.isLoud ?? false }
  const workers: Worker[] = []
  try {
    const start = () => startWorker(settings, heard.hear)
    for (let index = 0; index < plan.workers; index++) workers.push(await start())
    const [first] = workers
    if (first === undefined) throw new Error('No worker was asked for.')
    const connected = await connect(first, watched)
    const token = `k${plan.seed}`
    const people = createPeople({ token, dice, watched, ...connected })
    const world = { ...connected, token, watched, people }
    const recoveries: Recovery[] = []
    const found: Found = { duplicates: [], lost: [], others: [] }
    let kills = 0
    const untilMs = begun + (plan.minutes ?? Number.POSITIVE_INFINITY) * 60_000
    while (kills < plan.kills && performance.now() < untilMs) {
      kills++
      const recovery = await killOnce({ world, workers, dice, found, kill: kills }, start)
      if (recovery.hadWork) recoveries.push(recovery)
      if (process.env.IGNY8_KILLS_PROGRESS !== undefined)
        process.stderr.write(`${plan.name} ${kills} ${JSON.stringify({ ...recovery, ...found })}\n`)
    }
    await comeToRest(world, living(workers), found)
    found.others.push(...people.surprises, ...heard.findProblems(people.promised))
    const sorted = recoveries.toSorted((left, right) => left.tookMs - right.tookMs)
    const longest = sorted.at(-1)
    return {
      database: plan.name,
      kills,
      killsWithWork: recoveries.length,
      recovery: {
        medianMs: sorted[sorted.length >> 1]?.tookMs ?? 0,
        longestMs: longest?.tookMs ?? 0,
        limitMs: longest?.limitMs ?? 0,
        overdue: recoveries.filter(({ tookMs, limitMs }) => tookMs > limitMs).length,
      },
      ...found,
      edits: people.edits.length,
      items: watched.site.state.posts.size,
      events: heard.counts(),
      seconds: Math.round((performance.now() - begun) / 1_000),
    }
  } finally {
    for (const worker of workers) worker.kill()
    await Promise.all(workers.map(({ gone }) => gone))
    await watched.stop()
  }
}

interface KillWorld {
  readonly token: string
  readonly watched: WatchedSite
  readonly people: People
  readonly siteId: string
  readonly integrationId: string
}

/** What a kill left behind. */
interface Recovery {
  readonly hadWork: boolean
  readonly tookMs: number
  readonly limitMs: number
}

interface Found {
  readonly duplicates: string[]
  readonly lost: string[]
  readonly others: string[]
}

async function connect({ account }: Worker, { url, site }: WatchedSite) {
  const { username = '', applicationPassword = '' } = site.users.admin ?? {}
  const connected = await account.connections.connect({ platform: 'wordpress', url, username, applicationPassword })
  const { id: integrationId } = connected.integration
  await account.connections.update({
    integrationId,
    changes: { config: { syncedTypes: ['post'], deletions: 'trash' } },
  })
  return { siteId: connected.site.id, integrationId }
}

/** People work, a worker dies in the middle, another takes its place; then all that was pending has to be done in time. */
async function killOnce(
  round: {
    readonly world: KillWorld
    readonly workers: Worker[]
    readonly dice: Dice
    readonly found: Found
    readonly kill: number
  },
  start: () => Promise<Worker>,
): Promise<Recovery> {
  const { world, workers, dice, found, kill } = round
  const { integrationId, people, watched } = world
  const victims = workers.filter((_, index) => workers.length === 1 || index === kill % 2 || dice.chance(0.2))
  const working = workers.map((worker) => people.work(worker))
  await untilChosenMoment(watched, dice, () => {
    for (const victim of victims) victim.kill()
  })
  const killedAt = performance.now()
  await Promise.all(victims.map(({ gone }) => gone))
  const [survivor] = workers.filter((worker) => !victims.includes(worker))
  const before = survivor === undefined ? undefined : await readPendingWork(survivor, integrationId)
  let startMs = 0
  for (const victim of victims) {
    const asked = performance.now()
    workers[workers.indexOf(victim)] = await start()
    startMs = Math.max(startMs, performance.now() - asked)
  }
  const limitMs = Math.round(timing.leaseMs + recoveryMs * Math.max(1, startMs / promptMs))
  const worker = living(workers)
  // Where nobody survived, recovery begins when somebody works again.
  const recoversFrom = survivor === undefined ? performance.now() : killedAt
  const pending = before ?? (await readPendingWork(worker, integrationId))
  let left = await readLeft(worker, integrationId, pending)
  const passedMs = () => Math.round(performance.now() - recoversFrom)
  let late: readonly string[] = []
  while (left.length > 0 && passedMs() < patience * limitMs) {
    await setTimeout(50)
    left = await readLeft(worker, integrationId, pending)
    if (passedMs() <= limitMs) late = left
  }
  const tookMs = passedMs()
  if (tookMs > limitMs)
    for (const work of late)
      found.others.push(
        `${work} took ${left.includes(work) ? 'more than ' : ''}${tookMs} of ${limitMs} ms after kill ${kill}`,
      )
  await Promise.all(working)
  await people.tidyUp(worker)
  await worker.account.sync.run({ integrationId }).catch(passOver)
  await look(world, worker, found, false)
  return { hadWork: pending.contentIds.length + pending.runIds.length > 0, tookMs, limitMs }
}

/** Some time, or a point in the life of a request, whichever comes first. */
async function untilChosenMoment(watched: WatchedSite, dice: Dice, act: () => void): Promise<void> {
  await new Promise<void>((resolve) => {
    let isDone = false
    const once = () => {
      if (isDone) return
      isDone = true
      act()
      resolve()
    }
    if (dice.chance(0.7)) {
      const moment = dice.pick(['before', 'unanswered', 'unanswered', 'answered'] as const) ?? 'before'
      watched.atRequest(dice.between(1, 25), moment, once)
      void setTimeout(2_500).then(once)
    } else void setTimeout(dice.between(10, 1_200)).then(once)
  })
  // A request that nobody waits for any more is an ordinary one.
  watched.atRequest(Number.POSITIVE_INFINITY, 'answered', () => undefined)
}

function living(workers: readonly Worker[]): Worker {
  const worker = workers.at(-1)
  if (worker === undefined) throw new Error('No worker is left.')
  return worker
}

/** Both sides, as they stand now. While people and workers are busy, something may be open. */
async function look(world: KillWorld, worker: Worker, found: Found, isAtRest: boolean): Promise<void> {
  const { edits } = world.people
  const prepared = { act: async () => undefined, findProblems: async () => [], edits }
  const findings = await checkInvariants({ ...world, ...worker }, prepared, world.watched.snapshot(), [])
  add(found.duplicates, findings.duplicates)
  add(found.lost, findings.lost)
  if (isAtRest) add(found.others, findings.others)
}

/** What may happen is passed over. */
function passOver(error: unknown): undefined {
  if (!isPassing(error)) throw error
  return undefined
}

function add(known: string[], more: readonly string[]): void {
  for (const finding of more) if (!known.includes(finding)) known.push(finding)
}

/** Nothing dies any more: within a few cycles both sides are equal, nothing is open, held or undelivered, and then nothing is written. */
async function comeToRest(world: KillWorld, worker: Worker, found: Found): Promise<void> {
  const { integrationId, people, watched } = world
  let problems: readonly string[] = []
  for (let cycle = 1; cycle <= 12; cycle++) {
    await people.tidyUp(worker)
    await worker.account.sync.run({ integrationId }).catch(passOver)
    problems = await findUnrest(world, worker)
    if (problems.length === 0) break
    await setTimeout(1_000)
  }
  found.others.push(...problems)
  await look(world, worker, found, true)
  const writes = watched.writes()
  await worker.account.sync.run({ integrationId })
  if (watched.writes() !== writes) found.others.push('a sync of equal sides writes')
}

async function findUnrest({ integrationId, watched, token }: KillWorld, worker: Worker): Promise<readonly string[]> {
  const { account, stored, system } = worker
  const pending = await readPendingWork(worker, integrationId)
  const contents = (await account.content.list({ limit: 500 })).items
  const links = (await stored.links.list({ integrationId, kind: 'content', limit: 500 })).items
  const here = new Map(contents.map((content) => [content.id, content]))
  const posts = watched.snapshot().posts.filter(({ title, status }) => title.startsWith(token) && status !== 'trash')
  const lone = new Map<number, string>()
  for (const { id } of posts) {
    const link = links.find(({ externalId }) => externalId === String(id))
    if (link !== undefined && !here.has(link.localId)) lone.set(id, await describeLone(worker, link))
  }
  const linked = new Map(links.map((link) => [link.externalId, here.get(link.localId)]))
  return [
    ...pending.contentIds.map((id) => `the push of ${id} is open at rest`),
    ...pending.runIds.map((id) => `the run ${id} is open at rest`),
    ...(await listHeldLeases(worker, integrationId)).map((key) => `${key} is held at rest`),
    ...(await system.listOutbox(100)).map(({ type }) => `${type} is not delivered at rest`),
    ...(await account.conflicts.list({ status: 'open' })).items.map(({ id }) => `the conflict ${id} is open at rest`),
    ...posts.flatMap((post) => {
      const content = linked.get(String(post.id))
      if (content === undefined)
        return [`"${post.title}" is on the site alone: ${lone.get(post.id) ?? 'it has no link'}`]
      const isEqual = content.body.trim() === post.content.trim() && content.excerpt.trim() === post.excerpt.trim()
      return isEqual ? [] : [`"${post.title}" differs`]
    }),
    ...contents.flatMap((content) =>
      links.some(({ localId, deletedAt }) => localId === content.id && deletedAt === null)
        ? []
        : [`"${content.title}" is here alone`],
    ),
  ]
}

/** What became of the content of a link. */
async function describeLone({ account, stored }: Worker, link: SyncLink): Promise<string> {
  const { deletedAt, remoteStatus, localId, integrationId, updatedAt } = link
  const content = await stored.content.get(localId)
  const intent = await stored.intents.find(integrationId, localId)
  const { items } = await account.sync.events({ contentId: localId })
  return JSON.stringify({
    link: { deletedAt, remoteStatus, updatedAt },
    content: content && { status: content.status, removedAt: content.removedAt, updatedAt: content.updatedAt },
    intent: intent && { action: intent.action, as: intent.as, finishedAt: intent.finishedAt },
    events: items.map(({ eventType, direction, metadata, createdAt }) => [createdAt, eventType, direction, metadata]),
  })
}
