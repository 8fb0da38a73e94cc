import { createDayPoints, type DayPoints, hashText } from './day-points.ts'
import { createDayWindows, type DayWindow, type DayWindows } from './day-windows.ts'
import { createGapBook, type GapBook } from './gap-book.ts'
import { createLocalCalendar, type LocalCalendar } from './local-calendar.ts'
import { type DayNumber, dayMs, minuteMs } from './local-date.ts'
import { onTimeSince } from './on-time.ts'
import type { PlanInput, Rejection } from './publication-plan.ts'
import { createQuotaBook, type QuotaBook } from './quota-book.ts'

/** The books of one plan: what is taken, and where the next free point is. */
export interface Planner {
  readonly calendar: LocalCalendar
  readonly windows: DayWindows
  readonly quotas: QuotaBook
  readonly gaps: GapBook
  readonly nowMs: number
  /** What was to go since then is on time, and keeps its instant. */
  readonly onTimeSinceMs: number
  pointsOn(day: DayNumber): DayPoints
  /** Why nothing more can be published at an instant. */
  reject(instantMs: number): Rejection | undefined
  take(instantMs: number): void
  release(instantMs: number): void
  /** Whether every point that is on time is taken or refused: since when an entry waits then makes no difference. */
  isPastNow(): boolean
  /**
   * Takes the first free point from `sinceMs` on that is on time or to come. After the first call nothing may be released. What it returns holds until the next call: an
   * object for each point would be half of what a plan leaves to be collected.
   */
  takePoint(sinceMs: number): TakenPoint | undefined
  /** The first instant from `sinceMs` on that is free, inside of slots or not: now, where it was free before what is on time. */
  nextInstant(sinceMs: number, refusals?: 'limits and gap' | 'gap'): number | undefined
}

/** A point that was taken, with its slot. */
export interface TakenPoint {
  readonly at: number
  readonly window: DayWindow
}

/** No point between `fromMs` and this place is free, and none will be again: books only fill. */
interface Cursor {
  readonly fromMs: number
  day: DayNumber
  index: number
  reachedMs: number
}

/** Two centuries. */
const horizonDays = 200 * 366

/** Opens the books, with the ledger in them. A point at which something failed, up to `lastAttemptMs`, is used up. */
export function createPlanner(input: PlanInput, lastAttemptMs: number): Planner {
  const { settings } = input
  const calendar = createLocalCalendar(input.zone, settings.weekStart)
  const nowMs = input.now.getTime()
  const onTimeSinceMs = onTimeSince(calendar, nowMs)
  const windows = createDayWindows(calendar, settings)
  const quotas = createQuotaBook(calendar, settings)
  const gaps = createGapBook(settings.minGapMinutes * minuteMs)
  const seedHash = hashText(input.seed)
  const noneAllowed = [settings.dailyPublishLimit, settings.weeklyPublishLimit, settings.monthlyPublishLimit].includes(
    0,
  )
  const horizonMs = nowMs + (noneAllowed ? 0 : horizonDays * dayMs)

  let memo: { readonly day: DayNumber; readonly points: DayPoints } | undefined
  function pointsOn(day: DayNumber): DayPoints {
    if (memo?.day !== day) memo = { day, points: createDayPoints(settings, windows.on(day), seedHash) }
    return memo.points
  }

  function reject(instantMs: number): Rejection | undefined {
    const period = quotas.fullAt(instantMs)
    return period === undefined ? rejectByGap(instantMs) : { kind: 'limit', period }
  }

  function rejectByGap(instantMs: number): Rejection | undefined {
    const taken = gaps.conflictAt(instantMs)
    return taken === undefined ? undefined : { kind: 'taken', taken }
  }

  const endOf = (rejection: Rejection, instantMs: number) =>
    rejection.kind === 'limit' ? quotas.endOf(rejection.period, instantMs) : gaps.endOf(rejection.taken)

  const take = (instantMs: number) => {
    quotas.add(instantMs)
    gaps.add(instantMs)
  }
  for (const { countedAt } of input.ledger) take(countedAt.getTime())

  const openSinceMs = Math.min(nowMs, Math.max(onTimeSinceMs, lastAttemptMs + 1))

  /** A slot of the date before may last until `fromMs`. */
  const openCursor = (fromMs: number): Cursor => ({
    fromMs,
    day: calendar.dayAt(fromMs) - 1,
    index: 0,
    reachedMs: fromMs,
  })
  const fromNow = openCursor(openSinceMs)
  let fromLater = fromNow

  const covers = (cursor: Cursor, fromMs: number) => cursor.fromMs <= fromMs && fromMs <= cursor.reachedMs

  const taken: { at: number; window: DayWindow | undefined } = { at: 0, window: undefined }

  /** Stands in `taken` then. */
  function advance(cursor: Cursor): boolean {
    while (cursor.reachedMs < horizonMs) {
      const points = pointsOn(cursor.day)
      let openMs = cursor.fromMs
      for (; cursor.index < points.count; cursor.index++) {
        const at = points.at(cursor.index)
        if (at < openMs) continue
        const rejection = reject(at)
        if (rejection === undefined) {
          const window = points.windowOf(cursor.index)
          if (at < nowMs && window.end <= nowMs) continue
          cursor.index += 1
          cursor.reachedMs = at
          taken.at = at
          taken.window = window
          return true
        }
        openMs = endOf(rejection, at)
        if (openMs >= endOfWindows(points)) break
      }
      cursor.day = Math.max(cursor.day + 1, calendar.dayAt(openMs) - 1)
      cursor.index = 0
      cursor.reachedMs = Math.max(cursor.reachedMs, calendar.startOfDay(cursor.day))
    }
    return false
  }

  return {
    calendar,
    windows,
    quotas,
    gaps,
    nowMs,
    onTimeSinceMs,
    pointsOn,
    reject,
    take,
    release(instantMs) {
      quotas.remove(instantMs)
      gaps.remove(instantMs)
    },
    isPastNow: () => fromNow.reachedMs >= nowMs,
    takePoint(sinceMs) {
      const fromMs = Math.max(sinceMs, openSinceMs)
      let cursor = fromNow
      if (!covers(fromNow, fromMs)) {
        if (!covers(fromLater, fromMs)) fromLater = openCursor(fromMs)
        cursor = fromLater
      }
      if (!advance(cursor)) return undefined
      take(taken.at)
      return taken as TakenPoint
    },
    nextInstant(sinceMs, refusals = 'limits and gap') {
      const search = (fromMs: number) => {
        let at = fromMs
        while (refusals === 'gap' || at < horizonMs) {
          const rejection = refusals === 'gap' ? rejectByGap(at) : reject(at)
          if (rejection === undefined) return at
          at = endOf(rejection, at)
        }
        return undefined
      }
      const at = search(Math.max(sinceMs, onTimeSinceMs - 1))
      return at !== undefined && at < onTimeSinceMs ? search(nowMs) : at
    },
  }
}

function endOfWindows(points: DayPoints): number {
  return points.windows.at(-1)?.end ?? Number.NEGATIVE_INFINITY
}
