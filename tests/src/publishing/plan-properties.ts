import assert from 'node:assert/strict'
import { type PlanInput, type PlannedItem, type Publication, type PublicationPlan, planPublications } from '@igny8/core'
import { buildPublication } from '@igny8/core/testing'
import type { RandomPlan } from './random-plan.ts'
import { openWallClock } from './wall-clock-oracle.ts'

type Placed = Extract<PlannedItem, { state: 'planned' }>
const minuteMs = 60_000
const dayMs = 86_400_000
const onTimeMs = 2 * minuteMs

/** All that holds of every plan. Throws where it does not. */
export function assertPlan({ input, looks, latenessSeconds }: RandomPlan): void {
  const plan = planPublications(input)
  const placed = placedOf(plan)
  assertOnce(input, plan)
  assertLimits(input, placed)
  assertGaps(input, placed)
  for (const item of placed) if (item.by !== 'pin') assertInSlot(input, item)
  assertSameForAnyOrder(input, plan)
  assertNothingMovesTheFirst(input, plan)
  assertTicksAsPlanned(input, plan, { looks, latenessSeconds })
}

const placedOf = ({ items }: PublicationPlan) => items.filter((item): item is Placed => item.state === 'planned')

function assertOnce(input: PlanInput, { items }: PublicationPlan): void {
  const contents = items.map(({ entry }) => entry.contentId)
  assert.deepEqual(contents.toSorted(), input.queue.map(({ contentId }) => contentId).toSorted(), 'each content once')
  for (const { at, entry } of placedOf({ items })) {
    assert.ok(at.getTime() >= input.now.getTime() - onTimeMs, 'nothing is planned further back than what is on time')
    assert.ok(entry.notBefore === null || at >= entry.notBefore, 'nothing is tried again before its pause is over')
  }
}

/** Units by the instant that counts: of the ledger, and of the plan in place of a pin's reservation. */
function unitsOf(
  input: PlanInput,
  placed: readonly Placed[],
): Map<string, { readonly at: number; readonly isPin: boolean }> {
  const units = new Map(
    input.ledger.map(({ contentId, countedAt }) => [contentId, { at: countedAt.getTime(), isPin: true }]),
  )
  for (const { entry, at, by } of placed) units.set(entry.contentId, { at: at.getTime(), isPin: by === 'pin' })
  return units
}

/** Whatever pins and the past did: where a bucket has what was planned freely, it is not over its limit. */
export function assertLimits(input: PlanInput, placed: readonly Placed[]): void {
  const { settings } = input
  const clock = openWallClock(input.zone.id)
  const buckets = [
    { limit: settings.dailyPublishLimit, nameOf: (date: string) => date },
    { limit: settings.weeklyPublishLimit, nameOf: weekOf },
    { limit: settings.monthlyPublishLimit, nameOf: (date: string) => date.slice(0, 7) },
  ]
  for (const { limit, nameOf } of buckets) {
    if (limit === null) continue
    const used = new Map<string, { count: number; free: boolean }>()
    for (const { at, isPin } of unitsOf(input, placed).values()) {
      const name = nameOf(clock.dateAt(at))
      const bucket = used.get(name) ?? { count: 0, free: false }
      used.set(name, { count: bucket.count + 1, free: bucket.free || !isPin })
    }
    for (const [name, { count, free }] of used) if (free) assert.ok(count <= limit, `${name} has ${count} of ${limit}`)
  }

  function weekOf(date: string): string {
    let day = date
    while (clock.weekdayOf(day) !== settings.weekStart)
      day = new Date(Date.parse(day) - dayMs).toISOString().slice(0, 10)
    return day
  }
}

function assertGaps(input: PlanInput, placed: readonly Placed[]): void {
  const gapMs = Math.max(input.settings.minGapMinutes * minuteMs, 1)
  const units = unitsOf(input, placed)
  for (const { entry, at, by } of placed)
    for (const [contentId, unit] of units)
      if (by !== 'pin' && contentId !== entry.contentId)
        assert.ok(Math.abs(unit.at - at.getTime()) >= gapMs, `${at.toISOString()} is too close to another`)
}

/** Found minute by minute by a clock that is not ours. */
export function assertInSlot(input: PlanInput, { at }: Placed): void {
  const { settings } = input
  const clock = openWallClock(input.zone.id)
  const today = Date.parse(clock.dateAt(at.getTime()))
  const isIn = [-2, -1, 0, 1].some((days) => {
    const date = new Date(today + days * dayMs).toISOString().slice(0, 10)
    if (!settings.publishDays.includes(clock.weekdayOf(date))) return false
    return (settings.publishTimeSlots ?? [null]).some((slot) => {
      const window = clock.slotOn(date, slot)
      return window !== undefined && at.getTime() >= window.start && at.getTime() < window.end
    })
  })
  assert.ok(isIn, `${at.toISOString()} is in no slot`)
}

const standing = ({ items }: PublicationPlan) =>
  items.map(({ entry, state, at }) => `${entry.contentId} ${state} ${at?.toISOString()}`)

function assertSameForAnyOrder(input: PlanInput, plan: PublicationPlan): void {
  const mixed = { ...input, queue: input.queue.toReversed(), ledger: input.ledger.toReversed() }
  assert.deepEqual(
    standing(planPublications(mixed)),
    standing(plan),
    'the order in which a queue is read decides nothing',
  )
}

function assertNothingMovesTheFirst(input: PlanInput, plan: PublicationPlan): void {
  const half = Math.floor(plan.items.length / 2)
  const later = new Set(
    plan.items
      .slice(half)
      .filter(({ entry }) => entry.pinnedAt === null && entry.status === 'queued')
      .map(({ entry }) => entry.contentId),
  )
  const without = planPublications({ ...input, queue: input.queue.filter(({ contentId }) => !later.has(contentId)) })
  assert.deepEqual(standing(without).slice(0, half), standing(plan).slice(0, half), 'what comes later moved the first')
}

/** Goes from instant to instant as the scheduler would, up to two minutes late, with a look now and then between. */
function assertTicksAsPlanned(
  input: PlanInput,
  plan: PublicationPlan,
  { looks, latenessSeconds }: Pick<RandomPlan, 'looks' | 'latenessSeconds'>,
): void {
  const expected = new Map(placedOf(plan).map(({ entry, at }) => [entry.contentId, at.getTime()]))
  const extra = looks.map((minutes) => input.now.getTime() + minutes * minuteMs)
  const instants = [...new Set([...expected.values(), ...extra])].toSorted((left, right) => left - right).slice(0, 16)
  let { queue, ledger } = input
  for (const [index, at] of instants.entries()) {
    const lateMs = latenessOf(input, plan, at, instants[index + 1]) * (latenessSeconds[index] ?? 0)
    const now = new Date(Math.max(at + lateMs, input.now.getTime()))
    const items = placedOf(planPublications({ ...input, queue, ledger, now }))
    for (const item of items)
      assert.equal(item.at.toISOString(), iso(expected.get(item.entry.contentId)), `seen at ${now.toISOString()}`)
    const due = items.filter((item) => item.at <= now)
    const missing = [...expected].filter(
      ([id, planned]) => planned <= at && !items.some(({ entry }) => entry.contentId === id),
    )
    for (const [id] of missing)
      assert.ok(ledger.some(({ contentId, status }) => contentId === id && status === 'published'))
    const ids = new Set(due.map(({ entry }) => entry.contentId))
    const claimed = [...ledger.filter(({ contentId }) => !ids.has(contentId)), ...due.map(claim)]
    assertNothingIsClaimedTwice({ ...input, queue, ledger: claimed, now }, ids, expected)
    ledger = claimed.map((row) => (ids.has(row.contentId) ? { ...row, status: 'published' } : row))
    queue = queue.filter(({ contentId }) => !ids.has(contentId))
  }
}

/** What a second of lateness comes to: nothing where the tick would meet the next instant, another date or the end of a slot, which all move something. */
function latenessOf(input: PlanInput, plan: PublicationPlan, at: number, next = Number.POSITIVE_INFINITY): number {
  const latest = at + onTimeMs
  const clock = openWallClock(input.zone.id)
  const isOver = placedOf(plan).some(({ window }) => window !== null && window.end > at && window.end <= latest)
  const isElsewhere = next <= latest || clock.dateAt(at) !== clock.dateAt(latest)
  return at <= input.now.getTime() || isOver || isElsewhere ? 0 : 1_000
}

/** The process dies after its claim: what is claimed stays so, and all else stands as planned. */
function assertNothingIsClaimedTwice(
  input: PlanInput,
  claimed: ReadonlySet<string>,
  expected: ReadonlyMap<string, number>,
): void {
  for (const item of placedOf(planPublications(input))) {
    assert.ok(!claimed.has(item.entry.contentId), 'claimed twice')
    assert.equal(item.at.toISOString(), iso(expected.get(item.entry.contentId)), 'a restart moved it')
  }
}

const claim = ({ entry, at }: Placed): Publication => ({
  ...buildPublication(),
  id: `claim ${entry.contentId}`,
  contentId: entry.contentId,
  countedAt: at,
})

const iso = (at: number | undefined) => (at === undefined ? 'not planned' : new Date(at).toISOString())
