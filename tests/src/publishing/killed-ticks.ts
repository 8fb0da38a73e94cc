import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { Igny8Error, type PublicationPreview, type PublishingSettings, type Storage } from '@igny8/core'
import { createSeededRandom } from '@igny8/core/testing'
import { type MortalProcess, startMortalProcess } from './mortal-process.ts'
import { openPublishingWorld } from './publishing-world.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const contentsOfRound = 5
const dailyLimit = 2
const weeklyLimit = 4

/** What rounds of killed ticks went through. */
export interface KilledTicks {
  readonly deaths: number
  readonly publications: number
  readonly failures: number
}

/**
 * In either mode two processes tick on one storage, and die at chosen steps, while the site fails at times; others take their place. No limit may be exceeded, nothing published twice, and
 * once nothing fails any more, everything is published.
 */
export async function runKilledTicks(
  seed: number,
  storage?: Storage,
  mode: PublishingSettings['mode'] = 'tick',
): Promise<KilledTicks> {
  const random = createSeededRandom(seed)
  const below = (most: number) => Buffer.from(random.bytes(4)).readUInt32BE() % most
  // A gap refuses most of what a limit would: every other round goes without.
  const gapMinutes = seed % 2 === 0 ? 0 : 15
  const limits = { dailyPublishLimit: dailyLimit, weeklyPublishLimit: weeklyLimit, minGapMinutes: gapMinutes, mode }
  const world = await openPublishingWorld(limits, storage)
  const titles = Array.from({ length: contentsOfRound }, (_, index) => `T${index}`)
  const ids = await world.approve(...titles)
  const pinned = ids[below(contentsOfRound)] ?? ''
  await world.publishing.pin({ contentId: pinned, at: new Date(world.clock.now().getTime() + below(90) * minuteMs) })

  let isQuiet = false
  let [deaths, failures] = [0, 0]
  /** By external id: what was public once. */
  const seen = new Set<string>()
  let hidden = 0
  world.platform.interfere = {
    before() {
      if (isQuiet || below(6) > 0) return
      failures += 1
      throw somethingFails(below(4))
    },
    after() {
      for (const { externalId, state } of world.platform.items.values()) {
        if (state === 'published') seen.add(externalId)
        else if (seen.has(externalId)) hidden += 1
      }
      if (isQuiet || below(6) > 0) return
      failures += 1
      throw new Igny8Error({ code: 'TIMEOUT', message: 'No answer.', effect: 'unknown', retryable: true })
    },
  }

  let seeds = seed * 1_000
  const start = (): MortalProcess =>
    startMortalProcess({
      ...world,
      stepsToLive: isQuiet ? Number.POSITIVE_INFINITY : 20 + below(300),
      seed: ++seeds,
      whileStopped: passTime,
    })
  /** While a process that has planned already stands still, time passes and a person has another one go first. */
  async function passTime(): Promise<void> {
    if (isQuiet) return
    if (below(2) === 0) await world.clock.advance(below(4 * 60) * 1_000)
    const contentId = ids[below(contentsOfRound)] ?? ''
    await world.publishing.setPriority({ contentId, priority: below(7) - 3 }).catch(() => undefined)
    // Or has it planned anew, which takes back what the site has.
    if (mode === 'remote-future' && below(4) === 0)
      await world.publishing.reschedule({ contentId, at: null }).catch(() => undefined)
  }
  const processes = [start(), start()]
  const since = world.clock.now().getTime()
  const until = since + 10 * dayMs
  const disturbedUntil = since + 1.25 * dayMs
  for (let now = since; now < until; now = world.clock.now().getTime()) {
    isQuiet ||= now >= disturbedUntil
    await Promise.all(
      processes.map(async ({ igny8 }) => {
        for (let turns = below(40); turns > 0; turns--) await setImmediate()
        await igny8.runDue().catch(() => undefined)
      }),
    )
    for (const [index, { isDead }] of processes.entries()) {
      if (!isDead() && !isQuiet) continue
      deaths += isDead() ? 1 : 0
      processes[index] = start()
    }
    const { items } = await world.publishing.preview(world.siteId)
    if (items.length === 0) break
    await world.clock.advance(
      waitMs(items, world.clock.now().getTime()) + (isQuiet ? minuteMs : below(5 * 60) * 1_000 + 1_000),
    )
  }
  for (const { igny8 } of processes) await igny8.runDue()

  const context = `seed ${seed}`
  const live = world.live()
  assert.deepEqual(live.map(({ title }) => title).sort(), titles, `${context}: everything is live, once`)
  assert.equal(hidden, 0, `${context}: nothing that was public is taken back`)
  for (const id of ids) {
    assert.equal(await world.statusOf(id), 'published', `${context}: no content is stuck`)
    assert.equal((await world.stores.publications.find(id))?.status, 'published', `${context}: every unit is settled`)
  }
  assert.deepEqual((await world.publishing.queue({ siteId: world.siteId })).items, [], `${context}: the queue is empty`)
  // The clock starts on a Monday.
  const nextWeek = live.filter(({ at = '' }) => at >= '11-09')
  assert.ok(live.length - nextWeek.length <= weeklyLimit, `${context}: the week, ${JSON.stringify(live)}`)
  const days = Map.groupBy(live, ({ at }) => at?.slice(0, 5))
  for (const [day, items] of days)
    assert.ok(items.length <= dailyLimit, `${context}: ${items.length} on ${day}, ${JSON.stringify(live)}`)
  // A pin goes when a person said, whatever the gap.
  const free = ids.filter((id) => id !== pinned)
  const counted = await Promise.all(free.map(async (id) => (await world.stores.publications.find(id))?.countedAt))
  const instants = counted.map((at) => at?.getTime() ?? 0).sort((one, other) => one - other)
  for (const [index, at] of instants.entries()) {
    const isFar = index === 0 || at - (instants[index - 1] ?? 0) >= gapMinutes * minuteMs
    assert.ok(isFar, `${context}: the gap, ${JSON.stringify(counted)}`)
  }
  return { deaths, failures, publications: live.length }
}

/** Until the next one is due; nothing where somebody is at one, or should be. */
function waitMs(items: PublicationPreview['items'], now: number): number {
  const isWaiting = items.every(({ state }) => state === 'planned' || state === 'handed-over')
  return isWaiting ? Math.max(0, Math.min(...items.map(({ at }) => at?.getTime() ?? now)) - now) : 0
}

function somethingFails(kind: number): Igny8Error {
  if (kind === 0) return new Igny8Error({ code: 'RATE_LIMITED', message: 'Slow down.', retryable: true })
  if (kind === 1) return new Igny8Error({ code: 'CONNECTION_FAILED', message: 'Refused.', retryable: true })
  if (kind === 2) return new Igny8Error({ code: 'AUTH_FAILED', message: 'The password is wrong.' })
  return new Igny8Error({ code: 'TIMEOUT', message: 'No answer.', effect: 'unknown', retryable: true })
}
