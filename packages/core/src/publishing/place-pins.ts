import type { Publication, QueueEntry } from '../model/publication.ts'
import type { Planner } from './create-planner.ts'
import { quotaPeriods } from './local-calendar.ts'
import { compareEntries } from './publication-plan.ts'

/** Where pins go, by content id; `undefined` where none of the next two centuries has room. */
export type PinPlaces = ReadonlyMap<string, number | undefined>

/**
 * Places pins, before anything else, by their instant.
 *
 * One that holds its quota stays where a person set it, whatever the gap. One that is late, retries or never got its quota takes the first instant that limits
 * and gap allow: several late ones are no burst. A forced one is not held up by limits, and neither is one in the periods that its quota was reserved in, whoever was forced in since.
 */
export function placePins(
  planner: Planner,
  pins: readonly QueueEntry[],
  rowOf: ReadonlyMap<string, Publication>,
): PinPlaces {
  const places = new Map<string, number | undefined>()
  const timeOf = (entry: QueueEntry) => entry.pinnedAt?.getTime() ?? planner.nowMs
  const sorted = pins.toSorted((left, right) => timeOf(left) - timeOf(right) || compareEntries(left, right))
  const moving: QueueEntry[] = []
  for (const entry of sorted) {
    const row = rowOf.get(entry.contentId)
    const staysAt = timeOf(entry)
    if (row !== undefined && staysAt >= planner.onTimeSinceMs && (entry.notBefore?.getTime() ?? 0) <= staysAt) {
      planner.release(row.countedAt.getTime())
      planner.take(staysAt)
      places.set(entry.contentId, staysAt)
    } else moving.push(entry)
  }
  for (const entry of moving) {
    const row = rowOf.get(entry.contentId)
    if (row !== undefined) planner.release(row.countedAt.getTime())
    const sinceMs = Math.max(timeOf(entry), entry.notBefore?.getTime() ?? 0)
    const forcedMs = sinceMs < planner.onTimeSinceMs ? planner.nowMs : sinceMs
    const isForced = row?.forcedReason != null
    const at = isForced ? forcedMs : (heldInstant(planner, row, sinceMs) ?? planner.nextInstant(sinceMs))
    if (at !== undefined) planner.take(at)
    else if (row !== undefined) planner.take(row.countedAt.getTime())
    places.set(entry.contentId, at)
  }
  return places
}

/** The first instant that the gap allows, where it is of the same day, week and month as the unit that the pin holds. */
function heldInstant(planner: Planner, row: Publication | undefined, sinceMs: number): number | undefined {
  if (row === undefined) return undefined
  const at = planner.nextInstant(sinceMs, 'gap')
  if (at === undefined) return undefined
  const { quotas } = planner
  const heldMs = row.countedAt.getTime()
  return quotaPeriods.every((period) => quotas.endOf(period, at) === quotas.endOf(period, heldMs)) ? at : undefined
}
