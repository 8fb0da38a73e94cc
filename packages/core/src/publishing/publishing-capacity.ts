import type { PublishingSettings } from '../model/publishing-settings.ts'
import { stepMsOf } from './day-points.ts'
import { minuteMs, weekdays } from './local-date.ts'
import { mapSlotToMinutes, mergeSlots } from './merge-slots.ts'

/** The most that days, slots and gap leave room for, limits of narrower periods counted in and the period's own left out. */
export interface PublishingCapacity {
  readonly daily: number
  readonly weekly: number
  readonly monthly: number
}

/** Counts the room of an ordinary day, a week and the best month. */
export function capacityOf(settings: PublishingSettings): PublishingCapacity {
  const daily = pointsPerDay(settings)
  const perDay = Math.min(daily, settings.dailyPublishLimit ?? Number.POSITIVE_INFINITY)
  const weekly = perDay * settings.publishDays.length
  const starts = weekdays.map((_, start) => countDays(settings, perDay, start))
  return { daily, weekly, monthly: Math.max(...starts) }
}

function pointsPerDay(settings: PublishingSettings): number {
  const lengths = (settings.publishTimeSlots === null ? undefined : mergeSlots(settings.publishTimeSlots).slots)
    ?.map(mapSlotToMinutes)
    .map(({ start, end }) => end - start) ?? [1_440]
  if (settings.distribution === 'earliest') {
    const step = stepMsOf(settings) / minuteMs
    return lengths.reduce((sum, length) => sum + Math.ceil(length / step), 0)
  }
  const together = lengths.reduce((sum, length) => sum + length, 0)
  return Math.max(1, Math.floor(together / Math.max(settings.minGapMinutes, 1)))
}

/** What a month of 31 days holds that starts on a weekday. */
function countDays(settings: PublishingSettings, perDay: number, start: number): number {
  const weekStart = weekdays.indexOf(settings.weekStart)
  const mostPerWeek = settings.weeklyPublishLimit ?? Number.POSITIVE_INFINITY
  let month = 0
  let week = 0
  for (let day = start; day < start + 31; day++) {
    const weekday = weekdays[day % 7]
    if (day % 7 === weekStart) week = 0
    if (weekday === undefined || !settings.publishDays.includes(weekday)) continue
    const more = Math.min(perDay, mostPerWeek - week)
    week += more
    month += more
  }
  return month
}
