import type { LocalCalendar } from './local-calendar.ts'
import { minuteMs } from './local-date.ts'

/** What ticks of a minute and a push take. */
const onTimeMs = 2 * minuteMs

/** From when on what has passed is still on time: two minutes, as far as they are of the same date. */
export function onTimeSince(calendar: LocalCalendar, nowMs: number): number {
  return Math.max(nowMs - onTimeMs, calendar.startOfDay(calendar.dayAt(nowMs)))
}

/**
 * The instant that counts, in quotas and for the gap, for what was planned for `plannedMs` and is sent at `nowMs`: the planned one where that is on time, else
 * now. So a clock that drives ticks a few seconds late moves nothing, and two publications are never closer than the gap less two minutes.
 */
export function countedInstant(calendar: LocalCalendar, plannedMs: number, nowMs: number): number {
  return onTimeSince(calendar, nowMs) <= plannedMs && plannedMs <= nowMs ? plannedMs : nowMs
}
