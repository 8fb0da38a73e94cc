import assert from 'node:assert/strict'
import { Igny8Error } from '@igny8/core'
import { createSeededRandom } from '@igny8/core/testing'
import { type MortalProcess, startMortalProcess } from './mortal-process.ts'
import { openPublishingWorld } from './publishing-world.ts'

const minuteMs = 60_000
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
 * Two processes tick on one storage, and die at chosen steps, while the site fails at times; others take their place. No limit may be exceeded, nothing published twice, and
 * once nothing fails any more, everything is published.
 */
export async function runKilledTicks(seed: number): Promise<KilledTicks> {
  const random = createSeededRandom(seed)
  const below = (most: number) => Buffer.from(random.bytes(4)).readUInt32BE() % most
  const world = await openPublishingWorld({
    dailyPublishLimit: dailyLimit,
    weeklyPublishLimit: weeklyLimit,
    minGapMinutes: 15,
  })
  const titles = Array.from({ length: contentsOfRound }, (_, index) => `T${index}`)
  const ids = await world.approve(...titles)
  const pinned = ids[below(contentsOfRound)] ?? ''
  await world.publishing.pin({ contentId: pinned, at: new Date(world.clock.now().getTime() + below(90) * minuteMs) })

  let isQuiet = false
  let [deaths, failures] = [0, 0]
  /** By external id: how often its status became public. */
  const published = new Map<string, Date[]>()
  const seen = new Set<string>()
  world.platform.interfere = {
    before() {
      if (isQuiet || below(25) > 0) return
      failures += 1
      throw somethingFails(below(4))
    },
    after() {
      for (const { externalId, state } of world.platform.items.values()) {
        if (state !== 'published' || seen.has(externalId)) continue
        seen.add(externalId)
        published.set(externalId, [...(published.get(externalId) ?? []), world.clock.now()])
      }
      if (isQuiet || below(25) > 0) return
      failures += 1
      throw new Igny8Error({ code: 'TIMEOUT', message: 'No answer.', effect: 'unknown', retryable: true })
    },
  }

  let seeds = seed * 1_000
  const start = (): MortalProcess =>
    startMortalProcess({
      ...world,
      stepsToLive: isQuiet ? Number.POSITIVE_INFINITY : 20 + below(600),
      seed: ++seeds,
    })
  const processes = [start(), start()]
  const stepOf = () => (isQuiet ? 10 : 1 + below(20)) * minuteMs
  const until = world.clock.now().getTime() + 10 * 24 * 60 * minuteMs
  const disturbedUntil = world.clock.now().getTime() + 30 * 60 * minuteMs
  while (world.clock.now().getTime() < until && published.size + world.live().length < 2 * contentsOfRound) {
    isQuiet ||= world.clock.now().getTime() >= disturbedUntil
    await Promise.all(processes.map(({ igny8 }) => igny8.runDue().catch(() => undefined)))
    for (const [index, { isDead }] of processes.entries()) {
      if (!isDead() && !isQuiet) continue
      deaths += isDead() ? 1 : 0
      processes[index] = start()
    }
    await world.clock.advance(stepOf())
  }
  for (let round = 0; round < 30; round++) {
    await Promise.all(processes.map(({ igny8 }) => igny8.runDue()))
    await world.clock.advance(minuteMs)
  }

  const context = `seed ${seed}`
  const live = world.live()
  assert.deepEqual(live.map(({ title }) => title).sort(), titles, `${context}: everything is live, once`)
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
  return { deaths, failures, publications: live.length }
}

function somethingFails(kind: number): Igny8Error {
  if (kind === 0) return new Igny8Error({ code: 'RATE_LIMITED', message: 'Slow down.', retryable: true })
  if (kind === 1) return new Igny8Error({ code: 'CONNECTION_FAILED', message: 'Refused.', retryable: true })
  if (kind === 2) return new Igny8Error({ code: 'AUTH_FAILED', message: 'The password is wrong.' })
  return new Igny8Error({ code: 'TIMEOUT', message: 'No answer.', effect: 'unknown', retryable: true })
}
