import type { Weekday } from '../model/publishing-settings.ts'

/** A calendar date as the number of days since 1 January 1970, in no zone. */
export type DayNumber = number

export const dayMs = 86_400_000
export const minuteMs = 60_000

/** Monday first. */
export const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Days since the Monday of its week: 0 to 6. */
function weekdayIndexOf(day: DayNumber): number {
  // 1 January 1970 was a Thursday.
  return (((day + 3) % 7) + 7) % 7
}

export function weekdayOf(day: DayNumber): Weekday {
  return weekdays[weekdayIndexOf(day)] ?? 'mon'
}

/** Months since January of year 0. */
export function monthNumberOf(day: DayNumber): number {
  const date = new Date(day * dayMs)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

export function firstDayOfMonth(month: number): DayNumber {
  return Date.UTC(Math.floor(month / 12), month % 12, 1) / dayMs
}

/** The first day of the week that `day` is in. */
export function firstDayOfWeek(day: DayNumber, weekStart: Weekday): DayNumber {
  return day - ((weekdayIndexOf(day) - weekdays.indexOf(weekStart) + 7) % 7)
}

/** `2026-11-24` */
export function formatDay(day: DayNumber): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

/** Minutes since midnight of `HH:MM`. */
export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/** `HH:MM` of minutes since midnight, which may lie on a later day. */
export function formatMinutes(minutes: number): string {
  const hour = String(Math.floor(minutes / 60) % 24).padStart(2, '0')
  return `${hour}:${String(minutes % 60).padStart(2, '0')}`
}
