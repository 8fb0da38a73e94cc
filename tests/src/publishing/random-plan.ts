import { openZone, type PlanInput, type Publication, type QueueEntry } from '@igny8/core'
import { buildPublication, buildPublishingSettings, buildQueueEntry } from '@igny8/core/testing'
import * as fc from 'fast-check'
import { openWallClock } from './wall-clock-oracle.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC', '+05:30', '-09:30']
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const firstMs = Date.UTC(2026, 10, 24)
const years = 5

const limit = (most: number) => fc.option(fc.integer({ min: 0, max: most }), { freq: 4 })
const time = fc.integer({ min: 0, max: 95 }).map((quarter) => {
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${pad(Math.floor(quarter / 4))}:${pad((quarter % 4) * 15)}`
})
const nightOrAny = fc.oneof(time, fc.constantFrom('00:00', '00:30', '01:00', '01:30', '02:00', '02:30', '03:00'))

const settings = fc.record({
  dailyPublishLimit: limit(6),
  weeklyPublishLimit: limit(15),
  monthlyPublishLimit: limit(30),
  publishDays: fc.subarray([...weekdays], { minLength: 1 }),
  publishTimeSlots: fc.option(
    fc.array(fc.record({ start: nightOrAny, end: nightOrAny }), { minLength: 1, maxLength: 3 }),
    {
      freq: 4,
    },
  ),
  minGapMinutes: fc.constantFrom(0, 0, 10, 15, 45, 90, 300),
  distribution: fc.constantFrom('earliest' as const, 'even' as const, 'jitter' as const),
  catchUp: fc.constantFrom('next-slot' as const, 'immediate' as const, 'skip' as const),
  weekStart: fc.constantFrom('mon' as const, 'sun' as const, 'sat' as const),
})

const entry = fc.record({
  priority: fc.integer({ min: -1, max: 1 }),
  waitsMinutes: fc.integer({ min: 0, max: 600 }),
  fate: fc.constantFrom(
    'queued',
    'queued',
    'queued',
    'queued',
    'pinned',
    'free pin',
    'retrying',
    'failed',
    'verifying',
    'handed over',
  ),
  inMinutes: fc.integer({ min: 1, max: 6 * 24 * 60 }),
})

/** A case to plan, and instants at which nothing need happen. */
export interface RandomPlan {
  readonly input: PlanInput
  /** Minutes after `now`. */
  readonly looks: readonly number[]
  /** Of each tick. */
  readonly latenessSeconds: readonly number[]
}

const randomCase = fc.record({
  zone: fc.constantFrom(...zones),
  settings,
  entries: fc.array(entry, { maxLength: 25 }),
  publishedMinutesAgo: fc.array(fc.integer({ min: 0, max: 3 * 24 * 60 }), { maxLength: 8 }),
  nearChange: fc.boolean(),
  moment: fc.integer({ min: 0, max: years * 366 * 24 * 60 - 1 }),
  around: fc.integer({ min: -3 * 24 * 60, max: 12 * 60 }),
  looks: fc.array(fc.integer({ min: 1, max: 4 * 24 * 60 }), { maxLength: 4 }),
  latenessSeconds: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 120 })), {
    minLength: 16,
    maxLength: 16,
  }),
})

/** Settings, queue and ledger at random: half of the time close to a change of the clocks. Draw only after `openAllZones`. */
export const randomPlan: fc.Arbitrary<RandomPlan> = randomCase.map((random) => ({
  input: buildInput(random),
  looks: random.looks,
  latenessSeconds: random.latenessSeconds,
}))

type RandomCase = typeof randomCase extends fc.Arbitrary<infer Case> ? Case : never

const opened = new Map<string, PlanInput['zone']>()

/** Opening a zone takes a promise, which an arbitrary cannot wait for. */
export async function openAllZones(): Promise<void> {
  for (const name of zones) opened.set(name, await openZone(name))
}

function buildInput(random: RandomCase): PlanInput {
  const zone = opened.get(random.zone)
  if (zone === undefined) throw new Error('Call openAllZones first.')
  const nowMs = momentOf(random)
  const now = new Date(nowMs)
  const queue: QueueEntry[] = []
  const ledger: Publication[] = random.publishedMinutesAgo.map((minutes, index) =>
    buildPublication({ status: 'published', countedAt: new Date(nowMs - minutes * minuteMs) }, 1_000 + index),
  )
  for (const [index, { priority, waitsMinutes, fate, inMinutes }] of random.entries.entries()) {
    const since = new Date(nowMs - waitsMinutes * minuteMs)
    const later = new Date(nowMs + inMinutes * minuteMs)
    const waiting = buildQueueEntry({ priority, approvedAt: since, createdAt: since, updatedAt: since }, index + 1)
    const row = { contentId: waiting.contentId, createdAt: since, updatedAt: since }
    if (fate === 'pinned') {
      queue.push({ ...waiting, pinnedAt: later })
      ledger.push(buildPublication({ ...row, countedAt: later, pinned: true }, index + 1))
    } else if (fate === 'handed over') {
      queue.push(waiting)
      ledger.push(buildPublication({ ...row, status: 'handed-over', countedAt: later }, index + 1))
    } else if (fate === 'free pin') queue.push({ ...waiting, pinnedAt: later })
    else if (fate === 'retrying') {
      const notBefore = new Date(nowMs + (inMinutes % 90) * minuteMs)
      queue.push({ ...waiting, status: 'retrying', attempts: 1, notBefore })
    } else if (fate === 'failed') queue.push({ ...waiting, status: 'failed', attempts: 5 })
    else {
      queue.push(waiting)
      if (fate === 'verifying')
        ledger.push(buildPublication({ ...row, status: 'verifying', countedAt: since }, index + 1))
    }
  }
  const updatedAt = new Date(nowMs - 30 * dayMs)
  return {
    settings: buildPublishingSettings({ autoPublishEnabled: true, ...random.settings, updatedAt }),
    zone,
    queue,
    ledger,
    now,
    seed: 'site',
  }
}

function momentOf({ zone, nearChange, moment, around }: RandomCase): number {
  const at = firstMs + moment * minuteMs
  if (!nearChange) return at
  const [change] = openWallClock(zone).changesBetween(at, at + 200 * dayMs)
  return change === undefined ? at : change + around * minuteMs
}
