import { dayMs, minuteMs } from './local-date.ts'
import type { PlannedItem } from './publication-plan.ts'

/** What is due sooner is published by the scheduler: a request needs its time, and WordPress publishes at once what is less than a minute ahead. */
const leastLeadMs = 5 * minuteMs
/** What is due later may still move in the plan. */
const mostLeadMs = 31 * dayMs
/** So close to its date, nothing is sent and nothing taken back any more. */
const closeMs = 2 * minuteMs

type Placed = Extract<PlannedItem, { state: 'planned' }>

/** Whether it is time to hand a planned item over to the site. */
function isToHandOver({ entry, at }: Placed, now: Date): boolean {
  const leadMs = at.getTime() - now.getTime()
  return leadMs >= leastLeadMs && leadMs <= mostLeadMs && (entry.notBefore === null || entry.notBefore <= now)
}

/** From when on it may be handed over, in milliseconds. */
export function handOverFrom({ entry, at }: Placed): number {
  return Math.max(at.getTime() - mostLeadMs, entry.notBefore?.getTime() ?? 0)
}

/** Whether a date is so close that what is sent now might meet it. */
export function isClose(at: Date, now: Date): boolean {
  return at.getTime() - now.getTime() < closeMs
}

/** Whether the site is about to publish it, or has just done so: what would take it back might meet that. */
export function isImminent(at: Date, now: Date): boolean {
  return Math.abs(at.getTime() - now.getTime()) < closeMs
}

/** The earliest of those that are to be handed over. */
export function nextToHandOver(
  items: readonly PlannedItem[],
  now: Date,
  tried: ReadonlySet<string>,
): Placed | undefined {
  let next: Placed | undefined
  for (const item of items)
    if (item.state === 'planned' && isToHandOver(item, now) && !tried.has(item.entry.contentId))
      if (next === undefined || item.at < next.at) next = item
  return next
}
