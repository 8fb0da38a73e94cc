import { countInOrder } from './count-in-order.ts'
import { formatLocal } from './format-local.ts'
import { createLocalCalendar } from './local-calendar.ts'
import { firstDayOfMonth, formatDay } from './local-date.ts'
import { planPublications } from './plan-publications.ts'
import type { PlanInput, PlannedItem } from './publication-plan.ts'
import type { QuotaUse } from './quota-book.ts'

/** A content on a date. */
export interface CalendarItem {
  readonly contentId: string
  readonly state: Exclude<PlannedItem['state'], 'held' | 'unplaced'>
  /** When it is or was published; of a failed one, when that was recorded. */
  readonly at: Date
  readonly local: string
  /** Day, week and month with everything up to this one; empty for a failed one, which counts nothing. */
  readonly quotas: readonly QuotaUse[]
}

/** A date with what is on it, in order of time. */
export interface CalendarDay {
  /** `2026-11-24` */
  readonly day: string
  /** The first instant; equal to `to` for a date that the zone leaves out. */
  readonly from: Date
  readonly to: Date
  readonly items: readonly CalendarItem[]
}

/** The days of a month, each with what was, is and will be published on it. Pure. `month` is 1 to 12. */
export function createPublishingCalendar(
  input: PlanInput,
  { year, month }: { readonly year: number; readonly month: number },
): readonly CalendarDay[] {
  const calendar = createLocalCalendar(input.zone, input.settings.weekStart)
  const first = firstDayOfMonth(year * 12 + month - 1)
  const next = firstDayOfMonth(year * 12 + month)
  const items = listPublications(input)
  return Array.from({ length: next - first }, (_, index) => {
    const from = calendar.startOfDay(first + index)
    const to = calendar.startOfDay(first + index + 1)
    return {
      day: formatDay(first + index),
      from: new Date(from),
      to: new Date(to),
      items: items.filter(({ at }) => at.getTime() >= from && at.getTime() < to),
    }
  })
}

/** What was published, as far as the ledger reaches back, and everything that is planned or failed, in order of time. Pure. */
export function listPublications(input: PlanInput): readonly CalendarItem[] {
  const { items } = planPublications(input)
  const units = countInOrder(input, items)
  const show = (contentId: string, state: CalendarItem['state'], at: Date): CalendarItem => ({
    contentId,
    state,
    at,
    local: formatLocal(input.zone, at.getTime()),
    quotas: state === 'failed' ? [] : (units.get(contentId)?.quotas ?? []),
  })
  const queued = new Set(items.map(({ entry }) => entry.contentId))
  const shown = items.flatMap(({ entry, state, at }) => {
    if (state === 'held' || state === 'unplaced') return []
    const instant = state === 'failed' ? entry.updatedAt : at
    return instant === null ? [] : [show(entry.contentId, state, instant)]
  })
  const counted = input.ledger
    .filter(({ contentId }) => !queued.has(contentId))
    .map(({ contentId, status, countedAt }) => show(contentId, status === 'reserved' ? 'claimed' : status, countedAt))
  return [...shown, ...counted].toSorted((left, right) => left.at.getTime() - right.at.getTime())
}
