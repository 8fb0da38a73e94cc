import { openZone, type PlanInput, type PublishingSettings, planPublications } from '@igny8/core'
import { buildPublishingSettings, buildQueueEntry } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import { assertInSlot, assertLimits } from './plan-properties.ts'
import { openWallClock } from './wall-clock-oracle.ts'

const hourMs = 3_600_000
const from = Date.UTC(2026, 10, 24)
const to = Date.UTC(2031, 10, 24)
const scale = Number(process.env.IGNY8_PROOF_SCALE ?? 1)
const every = Math.max(1, Math.round(1 / Math.max(scale, 0.02)))
const zones = Intl.supportedValuesOf('timeZone').filter((_, index) => index % every === 0)

const unlimited = { dailyPublishLimit: null, weeklyPublishLimit: null, monthlyPublishLimit: null }
const kinds: readonly Partial<PublishingSettings>[] = [
  { dailyPublishLimit: 23, minGapMinutes: 60, weeklyPublishLimit: null, monthlyPublishLimit: null },
  { ...unlimited, minGapMinutes: 15, publishTimeSlots: hours('00:15', '00:45', '01:15', '01:45', '02:15', '02:45') },
  { ...unlimited, dailyPublishLimit: 7, publishTimeSlots: hours('22:30', '02:30', '03:00', '03:30') },
  { ...unlimited, dailyPublishLimit: 11, distribution: 'even', minGapMinutes: 30 },
]

describe('the planner', () => {
  it(`holds over every change of the clocks of five years in ${zones.length} zones`, async () => {
    let changes = 0
    for (const name of zones) {
      const zone = await openZone(name)
      for (const change of openWallClock(name).changesBetween(from, to)) {
        changes += 1
        for (const kind of kinds) holdOver(zone, change, kind)
      }
    }
    expect(changes).toBeGreaterThan(zones.length)
  })
})

/** From a day and a half before to a day and a half after, at least. */
function holdOver(zone: PlanInput['zone'], change: number, kind: Partial<PublishingSettings>): void {
  const now = new Date(change - 36 * hourMs)
  const since = new Date(now.getTime() - 1)
  const input: PlanInput = {
    settings: buildPublishingSettings({ autoPublishEnabled: true, ...kind, updatedAt: since }),
    zone,
    queue: Array.from({ length: 72 }, (_, index) =>
      buildQueueEntry({ approvedAt: since, createdAt: since }, index + 1),
    ),
    ledger: [],
    now,
    seed: 'site',
  }
  const placed = planPublications(input).items.flatMap((item) => (item.state === 'planned' ? [item] : []))
  expect(placed).toHaveLength(72)
  expect(placed.at(-1)?.at.getTime()).toBeGreaterThan(change)
  const over = placed.filter(({ at }) => at.getTime() < change + 60 * hourMs)
  assertLimits(input, over)
  for (const item of over) assertInSlot(input, item)
  for (const [index, { at }] of placed.entries())
    if (index > 0) expect(at.getTime()).toBeGreaterThan(placed[index - 1]?.at.getTime() ?? 0)
}

/** Slots out of a list of starts and ends. */
function hours(...times: readonly string[]) {
  return times.flatMap((start, index) => {
    const end = times[index + 1]
    return index % 2 === 0 && end !== undefined ? [{ start, end }] : []
  })
}
