import { createLocalCalendar } from './local-calendar.ts'
import { minuteMs } from './local-date.ts'
import type { PlanInput, PlannedItem } from './publication-plan.ts'
import { createQuotaBook, type QuotaUse } from './quota-book.ts'

/** A unit of quota, counted or planned, and how things stand once it is published. */
export interface CountedUnit {
  readonly contentId: string
  readonly at: Date
  /** Day, week and month with everything up to this one. */
  readonly quotas: readonly QuotaUse[]
  /** Whether another one is closer than the gap: only pins may be. */
  readonly gapBroken: boolean
}

/** Counts the ledger and the plan together, in order of time; by content id. */
export function countInOrder(input: PlanInput, items: readonly PlannedItem[]): ReadonlyMap<string, CountedUnit> {
  const quotas = createQuotaBook(createLocalCalendar(input.zone, input.settings.weekStart), input.settings)
  const at = new Map(input.ledger.map(({ contentId, countedAt }) => [contentId, countedAt]))
  for (const item of items) if (item.state === 'planned') at.set(item.entry.contentId, item.at)
  const inOrder = [...at].toSorted(([, left], [, right]) => left.getTime() - right.getTime())
  const gapMs = input.settings.minGapMinutes * minuteMs
  const isClose = (left: Date, right: Date | undefined) =>
    right !== undefined && Math.abs(left.getTime() - right.getTime()) < gapMs
  return new Map(
    inOrder.map(([contentId, instant], index) => {
      quotas.add(instant.getTime())
      const gapBroken = isClose(instant, inOrder[index - 1]?.[1]) || isClose(instant, inOrder[index + 1]?.[1])
      return [contentId, { contentId, at: instant, quotas: quotas.useAt(instant.getTime()), gapBroken }]
    }),
  )
}
