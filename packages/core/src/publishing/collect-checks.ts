import type { Weekday } from '../model/publishing-settings.ts'
import type { Planner } from './create-planner.ts'
import { nameDay, nameMoment } from './format-local.ts'
import { type DayNumber, weekdayOf } from './local-date.ts'
import type { PlanInput } from './publication-plan.ts'

/** A time that was looked at, and why it is not the one. */
export interface PublicationCheck {
  readonly code: CheckCode
  /** The first instant that it holds for; `null` where the date has none. */
  readonly at: Date | null
  /** Units in the full bucket, and its limit. */
  readonly used?: number
  readonly limit?: number
  /** Contents that are published then, or too close. */
  readonly takenBy?: readonly string[]
  readonly weekday?: Weekday
  /** `Not Mon 09:00: daily limit 2/2.` */
  readonly text: string
}

/** Why a time was passed over. */
export type CheckCode =
  | 'NOT_PUBLISH_DAY'
  | 'NO_SUCH_DAY'
  | 'SLOTS_OVER'
  | 'DAILY_LIMIT'
  | 'WEEKLY_LIMIT'
  | 'MONTHLY_LIMIT'
  | 'TAKEN'
  /** The pause after a failed attempt. */
  | 'PAUSED'

const mostDays = 62

const limitCodes = { daily: 'DAILY_LIMIT', weekly: 'WEEKLY_LIMIT', monthly: 'MONTHLY_LIMIT' } as const

/** A check with the instant that it stands at among the others. */
export interface FoundCheck {
  readonly atMs: number
  readonly check: PublicationCheck
}

/** Walks through the points from `fromMs` on, up to the first that is free; 62 days at most, so that every month begins anew. */
export function collectChecks(
  input: PlanInput,
  planner: Planner,
  contentAt: ReadonlyMap<number, string>,
  fromMs: number,
): FoundCheck[] {
  const { calendar, windows } = planner
  const today = calendar.dayAt(planner.nowMs)
  const firstDay = calendar.dayAt(fromMs)
  const name = (at: number) => nameMoment(input.zone, at, today)
  const checks: FoundCheck[] = []
  if (fromMs > planner.nowMs)
    checks.push({
      atMs: planner.nowMs,
      check: {
        code: 'PAUSED',
        at: input.now,
        text: `Not before ${name(fromMs)}: it pauses after a failed attempt.`,
      },
    })
  // A slot of the date before may last until now.
  const lasting = checkPoints(planner, contentAt, pointsFrom(planner, firstDay - 1, fromMs), name)
  checks.push(...lasting.checks)
  if (lasting.foundFree) return checks
  let openMs = Math.max(fromMs, lasting.fullUntilMs)
  for (let day = firstDay; day < firstDay + mostDays; day++) {
    const atMs = calendar.startOfDay(day)
    // What is said of a week or a month that is full need not be said again of its days.
    if (calendar.startOfDay(day + 1) <= openMs && day > firstDay) continue
    if (calendar.startOfDay(day + 1) === atMs) {
      const text = `Not ${nameDay(day, today)}: the date does not exist in ${input.zone.id}.`
      checks.push({ atMs, check: { code: 'NO_SUCH_DAY', at: null, text } })
    } else if (!windows.isPublishDay(day)) {
      const slot = input.settings.publishTimeSlots?.[0]
      const time = slot === undefined ? '' : ` ${slot.start}`
      const text = `Not ${nameDay(day, today)}${time}: not a publish day.`
      checks.push({ atMs, check: { code: 'NOT_PUBLISH_DAY', at: null, weekday: weekdayOf(day), text } })
    } else {
      const open = pointsFrom(planner, day, openMs)
      const last = windows.on(day).at(-1)
      if (last !== undefined && last.end <= fromMs) {
        const text = `Not ${nameDay(day, today)}: its slots are over at ${name(last.end).slice(-5)}.`
        checks.push({ atMs, check: { code: 'SLOTS_OVER', at: null, text } })
      }
      const refused = checkPoints(planner, contentAt, open, name)
      checks.push(...refused.checks)
      if (refused.foundFree) break
      openMs = Math.max(openMs, refused.fullUntilMs)
    }
  }
  return checks
}

function pointsFrom(planner: Planner, day: DayNumber, fromMs: number): number[] {
  const points = planner.pointsOn(day)
  return Array.from({ length: points.count }, (_, index) => points.at(index)).filter((at) => at >= fromMs)
}

/** Runs of points that are refused alike are one check. */
function checkPoints(
  planner: Planner,
  contentAt: ReadonlyMap<number, string>,
  points: readonly number[],
  name: (at: number) => string,
): { readonly checks: FoundCheck[]; readonly foundFree: boolean; readonly fullUntilMs: number } {
  const checks: FoundCheck[] = []
  let run: { readonly from: number; readonly to: number; readonly takenBy: readonly string[] } | undefined
  const endRun = () => {
    if (run !== undefined) checks.push(describeTaken(run, name))
    run = undefined
  }
  let fullUntilMs = Number.NEGATIVE_INFINITY
  for (const at of points) {
    if (at < fullUntilMs) continue
    const rejection = planner.reject(at)
    if (rejection?.kind === 'taken') {
      const by = contentAt.get(rejection.taken) ?? 'a pin'
      run = { from: run?.from ?? at, to: at, takenBy: [...new Set([...(run?.takenBy ?? []), by])] }
      continue
    }
    endRun()
    if (rejection === undefined) return { checks, foundFree: true, fullUntilMs }
    fullUntilMs = planner.quotas.endOf(rejection.period, at)
    const use = planner.quotas.useAt(at).find(({ period }) => period === rejection.period)
    const used = use?.used ?? 0
    const most = use?.limit ?? 0
    const text = `Not ${name(at)}: ${rejection.period} limit ${used}/${most}.`
    checks.push({ atMs: at, check: { code: limitCodes[rejection.period], at: new Date(at), used, limit: most, text } })
  }
  endRun()
  return { checks, foundFree: false, fullUntilMs }
}

function describeTaken(
  run: { readonly from: number; readonly to: number; readonly takenBy: readonly string[] },
  name: (at: number) => string,
): FoundCheck {
  const times = run.from === run.to ? name(run.from) : `${name(run.from)} to ${name(run.to).slice(-5)}`
  const by = run.takenBy.length === 1 ? run.takenBy[0] : `${run.takenBy.length} others`
  const text = `Not ${times}: taken by ${by}.`
  return { atMs: run.from, check: { code: 'TAKEN', at: new Date(run.from), takenBy: run.takenBy, text } }
}
