import type { PublishingSettings, Weekday } from '../model/publishing-settings.ts'
import type { QuotaBucket, QuotaPeriod } from '../ports/publishing-stores.ts'
import { type DayNumber, dayMs, firstDayOfMonth, firstDayOfWeek, monthNumberOf } from './local-date.ts'
import type { LocalZone } from './local-zone.ts'

/** Days, weeks and months of a zone as instants. */
export interface LocalCalendar {
  readonly zone: LocalZone
  readonly weekStart: Weekday
  /** The first instant of the date; of one that the zone leaves out, the first after it. */
  startOfDay(day: DayNumber): number
  /** The date that an instant belongs to: the last one that has begun, so that days never interleave. */
  dayAt(instantMs: number): DayNumber
  /** Days from the first of the period to the first of the next. */
  periodOf(period: QuotaPeriod, day: DayNumber): { readonly first: DayNumber; readonly next: DayNumber }
}

/** Reads days, weeks and months off a zone. */
export function createLocalCalendar(zone: LocalZone, weekStart: Weekday): LocalCalendar {
  function startOfDay(day: DayNumber): number {
    const midnight = zone.readWallTime(day * dayMs)
    if (midnight.kind === 'unique') return midnight.at
    return midnight.kind === 'fold' ? midnight.first : midnight.transition
  }
  return {
    zone,
    weekStart,
    startOfDay,
    dayAt(instantMs) {
      let day = Math.floor((instantMs + zone.offsetMsAt(instantMs)) / dayMs)
      while (startOfDay(day) > instantMs) day -= 1
      while (startOfDay(day + 1) <= instantMs) day += 1
      return day
    },
    periodOf(period, day) {
      if (period === 'daily') return { first: day, next: day + 1 }
      if (period === 'weekly') {
        const first = firstDayOfWeek(day, weekStart)
        return { first, next: first + 7 }
      }
      const month = monthNumberOf(day)
      return { first: firstDayOfMonth(month), next: firstDayOfMonth(month + 1) }
    },
  }
}

/** Narrowest first: the order in which limits are named. */
export const quotaPeriods: readonly QuotaPeriod[] = ['daily', 'weekly', 'monthly']

/** The limit of each period. */
export function limitsOf(settings: PublishingSettings): Readonly<Record<QuotaPeriod, number | null>> {
  return {
    daily: settings.dailyPublishLimit,
    weekly: settings.weeklyPublishLimit,
    monthly: settings.monthlyPublishLimit,
  }
}

/** The buckets that an instant is counted in, as the ledger takes them. */
export function bucketsAt(calendar: LocalCalendar, settings: PublishingSettings, instantMs: number): QuotaBucket[] {
  const day = calendar.dayAt(instantMs)
  const limits = limitsOf(settings)
  return quotaPeriods.map((period) => {
    const { first, next } = calendar.periodOf(period, day)
    return {
      period,
      from: new Date(calendar.startOfDay(first)),
      to: new Date(calendar.startOfDay(next)),
      limit: limits[period],
    }
  })
}
