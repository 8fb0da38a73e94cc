import type { PublishingSettings } from '../model/publishing-settings.ts'
import type { QuotaPeriod } from '../ports/publishing-stores.ts'
import { type LocalCalendar, limitsOf, quotaPeriods } from './local-calendar.ts'
import type { DayNumber } from './local-date.ts'

/** A bucket with what is counted in it. */
export interface QuotaUse {
  readonly period: QuotaPeriod
  readonly used: number
  /** `null` is unlimited. */
  readonly limit: number | null
}

/** What is counted in each day, week and month. */
export interface QuotaBook {
  /** The narrowest full bucket of an instant. Over-full is full. */
  fullAt(instantMs: number): QuotaPeriod | undefined
  add(instantMs: number): void
  remove(instantMs: number): void
  /** Narrowest first. */
  useAt(instantMs: number): readonly QuotaUse[]
  /** The first instant after the bucket. */
  endOf(period: QuotaPeriod, instantMs: number): number
}

/** The counters of one date. A counter is shared by all dates of its period. */
interface DayCounters {
  readonly day: DayNumber
  readonly from: number
  readonly to: number
  readonly daily: { used: number }
  readonly weekly: { used: number }
  readonly monthly: { used: number }
}

/** Opens an empty book. */
export function createQuotaBook(calendar: LocalCalendar, settings: PublishingSettings): QuotaBook {
  const limits = limitsOf(settings)
  const most = {
    daily: limits.daily ?? Number.POSITIVE_INFINITY,
    weekly: limits.weekly ?? Number.POSITIVE_INFINITY,
    monthly: limits.monthly ?? Number.POSITIVE_INFINITY,
  }
  const counters = {
    daily: new Map<DayNumber, { used: number }>(),
    weekly: new Map<DayNumber, { used: number }>(),
    monthly: new Map<DayNumber, { used: number }>(),
  }
  /** Most look-ups are on the same date as the one before. */
  let current: DayCounters | undefined

  function counterOf(period: QuotaPeriod, day: DayNumber): { used: number } {
    const { first } = calendar.periodOf(period, day)
    let counter = counters[period].get(first)
    if (counter === undefined) {
      counter = { used: 0 }
      counters[period].set(first, counter)
    }
    return counter
  }

  function countersAt(instantMs: number): DayCounters {
    if (current !== undefined && instantMs >= current.from && instantMs < current.to) return current
    const day = calendar.dayAt(instantMs)
    current = {
      day,
      from: calendar.startOfDay(day),
      to: calendar.startOfDay(day + 1),
      daily: counterOf('daily', day),
      weekly: counterOf('weekly', day),
      monthly: counterOf('monthly', day),
    }
    return current
  }

  function change(instantMs: number, by: number): void {
    const { daily, weekly, monthly } = countersAt(instantMs)
    daily.used += by
    weekly.used += by
    monthly.used += by
  }

  return {
    fullAt(instantMs) {
      const { daily, weekly, monthly } = countersAt(instantMs)
      if (daily.used >= most.daily) return 'daily'
      if (weekly.used >= most.weekly) return 'weekly'
      return monthly.used >= most.monthly ? 'monthly' : undefined
    },
    add: (instantMs) => change(instantMs, 1),
    remove: (instantMs) => change(instantMs, -1),
    useAt(instantMs) {
      const all = countersAt(instantMs)
      return quotaPeriods.map((period) => ({ period, used: all[period].used, limit: limits[period] }))
    },
    endOf(period, instantMs) {
      const { next } = calendar.periodOf(period, countersAt(instantMs).day)
      return calendar.startOfDay(next)
    },
  }
}
