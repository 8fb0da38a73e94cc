import type { Publication, QueueEntry } from '../model/publication.ts'
import { createCatchUp, waitsSince } from './catch-up.ts'
import { createPlanner, type Planner } from './create-planner.ts'
import { placePins } from './place-pins.ts'
import { compareEntries, isTried, type PlanInput, type PlannedItem } from './publication-plan.ts'

/** A plan in the making: pins stand, everything else waits for its turn. */
export interface OpenPlan {
  readonly order: readonly QueueEntry[]
  readonly planner: Planner
  /** Each of `order` once, in order. */
  place(entry: QueueEntry): PlannedItem
}

/** Sorts the queue, opens the books and places the pins. */
export function openPlan(input: PlanInput): OpenPlan {
  const { settings, queue } = input
  const { order, pinned, lastAttemptMs } = survey(queue)
  const rowOf = new Map<string, Publication>(input.ledger.map((row) => [row.contentId, row]))
  const planner = createPlanner(input, lastAttemptMs)
  const pins = placePins(
    planner,
    pinned.filter((entry) => settledState(entry, rowOf.get(entry.contentId)) === undefined),
    rowOf,
  )
  const catchUp = createCatchUp(planner, settings, queue)
  // Most contents have neither: a look-up by a long id would be what costs most.
  const hasRows = rowOf.size > 0
  const hasPins = pins.size > 0

  function place(entry: QueueEntry): PlannedItem {
    const row = hasRows ? rowOf.get(entry.contentId) : undefined
    const settled = settledState(entry, row)
    if (settled !== undefined) return { state: settled, entry, at: row?.countedAt ?? null }
    if (hasPins && pins.has(entry.contentId)) return placed(entry, pins.get(entry.contentId), 'pin')
    if (!settings.autoPublishEnabled) return { state: 'held', entry, at: null }
    const retry = catchUp.takeRetry(entry)
    if (retry !== undefined) return placed(entry, retry.at, 'retry', retry.window)
    const late = catchUp.takeNow(entry)
    if (late !== undefined) return placed(entry, planner.nowMs, 'late', late)
    // Dates of a hundred thousand entries are what costs: they are read while they matter.
    const point = planner.takePoint(
      planner.isPastNow()
        ? Math.max(planner.nowMs, entry.notBefore?.getTime() ?? 0)
        : waitsSince(entry, settings, planner.nowMs),
    )
    return placed(entry, point?.at, 'point', point?.window)
  }

  return { order, planner, place }
}

/** What a plan must know of the queue before it places anything. */
interface Survey {
  readonly order: readonly QueueEntry[]
  readonly pinned: readonly QueueEntry[]
  /** When something was last tried in vain. */
  readonly lastAttemptMs: number
}

/** One walk over a long queue; storages hand it out in order, so that it need not be copied. */
function survey(queue: readonly QueueEntry[]): Survey {
  const pinned: QueueEntry[] = []
  let lastAttemptMs = Number.NEGATIVE_INFINITY
  let isInOrder = true
  let before: QueueEntry | undefined
  for (const entry of queue) {
    isInOrder &&= before === undefined || compareEntries(before, entry) <= 0
    before = entry
    if (entry.pinnedAt !== null) pinned.push(entry)
    if (isTried(entry.status)) lastAttemptMs = Math.max(lastAttemptMs, entry.updatedAt.getTime())
  }
  return { order: isInOrder ? queue : queue.toSorted(compareEntries), pinned, lastAttemptMs }
}

function placed(
  entry: QueueEntry,
  at: number | undefined,
  by: Extract<PlannedItem, { state: 'planned' }>['by'],
  window: Extract<PlannedItem, { state: 'planned' }>['window'] = null,
): PlannedItem {
  if (at === undefined) return { state: 'unplaced', entry, at: null }
  return { state: 'planned', entry, at: new Date(at), by, window }
}

/** What is no longer, or not now, a matter of planning. */
function settledState(entry: QueueEntry, row: Publication | undefined) {
  if (row !== undefined && row.status !== 'reserved') return row.status
  if (entry.status === 'failed') return 'failed'
  return row !== undefined && !(row.pinned && entry.pinnedAt !== null) ? 'claimed' : undefined
}
