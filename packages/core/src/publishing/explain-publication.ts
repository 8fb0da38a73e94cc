import { Igny8Error } from '../errors/igny8-error.ts'
import type { QueueEntry } from '../model/publication.ts'
import { collectChecks, type FoundCheck, type PublicationCheck } from './collect-checks.ts'
import { describePlacing } from './describe-item.ts'
import { nameMoment, nameZoneAt } from './format-local.ts'
import { openPlan } from './open-plan.ts'
import type { PlanInput, PlannedItem } from './publication-plan.ts'
import { type SuggestedChange, suggestChanges } from './suggest-changes.ts'

/** Why a content is published when it is. */
export interface PublicationExplanation {
  readonly contentId: string
  readonly state: PlannedItem['state']
  /** The first feasible instant. */
  readonly at: Date | null
  /** In order of time; no more than thirty. */
  readonly checks: readonly PublicationCheck[]
  /** Whether further checks were left out. */
  readonly shortened: boolean
  /** Each would let it go earlier; the smallest first. */
  readonly changes: readonly SuggestedChange[]
  /** `Not Sun 09:00: not a publish day. Not Mon 09:00: daily limit 2/2. Earliest: Tue 09:00 EDT.` */
  readonly text: string
}

const mostChecks = 30
/**
 * Says why a content is published when it is, check by check, and what would let it go earlier. Pure.
 *
 * Throws `NOT_FOUND` where the queue does not hold it.
 */
export function explainPublication(input: PlanInput, contentId: string): PublicationExplanation {
  const { order, planner, place } = openPlan(input)
  const contentAt = new Map(input.ledger.map((row) => [row.countedAt.getTime(), row.contentId]))
  const target = order.find((entry) => entry.contentId === contentId)
  if (target === undefined) throw notQueued(contentId)
  for (const entry of order) {
    if (entry === target) break
    const item = place(entry)
    if (item.state === 'planned') contentAt.set(item.at.getTime(), entry.contentId)
  }
  const fromMs = Math.max(planner.nowMs, target.notBefore?.getTime() ?? 0)
  const isWithSite = input.ledger.some((row) => row.contentId === contentId && row.status === 'handed-over')
  const isSearched =
    !isWithSite && target.pinnedAt === null && input.settings.autoPublishEnabled && target.status !== 'failed'
  // Before it takes its own place: the books must be as it finds them.
  const found = isSearched ? collectChecks(input, planner, contentAt, fromMs) : []
  const item = place(target)
  const atMs = item.state === 'planned' ? item.at.getTime() : undefined
  const until = atMs ?? Number.POSITIVE_INFINITY
  const checks = item.state === 'planned' || item.state === 'unplaced' ? found.filter(isBefore(until)) : []
  const shown = checks.slice(0, mostChecks).map(({ check }) => check)
  const today = planner.calendar.dayAt(planner.nowMs)
  const changes = suggestChanges({
    input: { ...input, queue: queueUpTo(order, target) },
    entry: target,
    atMs,
    checks: checks.map(({ check }) => check),
    name: (at) => `${nameMoment(input.zone, at, today)} ${nameZoneAt(input.zone, at)}`,
  })
  const earliest =
    atMs === undefined
      ? describePlacing(item)
      : `${item.state === 'planned' && item.by === 'pin' ? 'Pinned' : 'Earliest'}: ${nameMoment(input.zone, atMs, today)} ${nameZoneAt(input.zone, atMs)}.`
  const more = checks.length > shown.length ? [`(${checks.length - shown.length} more)`] : []
  return {
    contentId,
    state: item.state,
    at: item.at,
    checks: shown,
    shortened: more.length > 0,
    changes: isWithSite ? [] : changes,
    text: [...shown.map(({ text }) => text), ...more, earliest].join(' '),
  }
}

/** What comes later moves nothing, unless it is a pin. */
function queueUpTo(order: readonly QueueEntry[], target: QueueEntry): readonly QueueEntry[] {
  const end = order.indexOf(target)
  return order.filter(({ pinnedAt }, index) => index <= end || pinnedAt !== null)
}

const isBefore =
  (untilMs: number) =>
  ({ atMs }: FoundCheck) =>
    atMs < untilMs

function notQueued(contentId: string): Igny8Error {
  return new Igny8Error({
    code: 'NOT_FOUND',
    message: 'This content is not in the queue.',
    hint: 'Approve it first: contents are queued when they are approved.',
    details: { contentId: contentId.slice(0, 255) },
  })
}
