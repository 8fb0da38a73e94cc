import type { QueueEntry } from '../model/publication.ts'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import type { Planner } from './create-planner.ts'
import type { DayWindow } from './day-windows.ts'
import { minuteMs } from './local-date.ts'
import { isTried } from './publication-plan.ts'

/** How late a publication may be and still go at once: beyond what is on time, which keeps its instant. */
const graceMs: Readonly<Record<PublishingSettings['catchUp'], number>> = {
  'next-slot': 30 * minuteMs,
  immediate: Number.POSITIVE_INFINITY,
  skip: 0,
}

/** Lets what missed its moment go now, one at a time. */
export interface CatchUp {
  /**
   * Takes `now` in place of the point that has passed, too long ago to be on time: where this entry waited for it already, nothing else was published or tried since, it had room
   * then, and there is room now.
   */
  takeNow(entry: QueueEntry): DayWindow | undefined
  /** Takes the end of the pause after a failed attempt, or `now` where that has passed: inside the slot of the attempt. */
  takeRetry(entry: QueueEntry): { readonly at: number; readonly window: DayWindow } | undefined
}

/** Looks for the last point that has passed. */
export function createCatchUp(planner: Planner, settings: PublishingSettings, queue: readonly QueueEntry[]): CatchUp {
  const { nowMs, onTimeSinceMs } = planner
  const isLate = (sinceMs: number) => nowMs - sinceMs <= graceMs[settings.catchUp]
  const window = planner.windows.at(nowMs)
  let missed = window === undefined ? undefined : findMissed(window)

  function findMissed({ day, start }: DayWindow): number | undefined {
    const points = planner.pointsOn(day)
    let latest: number | undefined
    for (let index = 0; index < points.count && points.at(index) < nowMs; index++) latest = points.at(index)
    if (latest === undefined || latest < start || latest >= onTimeSinceMs || !isLate(latest)) return undefined
    const missedMs = latest
    const tried = queue.some(({ status, updatedAt }) => isTried(status) && updatedAt.getTime() >= missedMs)
    return tried || planner.gaps.hasBetween(missedMs, nowMs) ? undefined : missedMs
  }

  return {
    takeNow(entry) {
      if (missed === undefined || window === undefined || waitsSince(entry, settings, nowMs) > missed) return undefined
      // Books only fill: what is refused once is refused to all after.
      const refused = planner.reject(missed) !== undefined || planner.reject(nowMs) !== undefined
      missed = undefined
      if (refused) return undefined
      planner.take(nowMs)
      return window
    },
    takeRetry({ status, notBefore, updatedAt }) {
      if (status !== 'retrying' || notBefore === null) return undefined
      const endsMs = notBefore.getTime()
      const isOnTime = endsMs >= onTimeSinceMs
      const at = isOnTime ? endsMs : nowMs
      const slot = planner.windows.at(at)
      const inSlot = slot !== undefined && slot.start <= updatedAt.getTime() && slot.start <= endsMs
      // As with a point that has passed: what had no room then was planned elsewhere, and stays there.
      const missed = !isOnTime && (!isLate(endsMs) || planner.reject(endsMs) !== undefined)
      if (!inSlot || missed || planner.reject(at) !== undefined) return undefined
      planner.take(at)
      return { at, window: slot }
    },
  }
}

/** Since when an entry can be published as the settings are now: later than `nowMs` only where it pauses until then. */
export function waitsSince(
  { approvedAt, createdAt, notBefore }: QueueEntry,
  settings: PublishingSettings,
  nowMs: number,
): number {
  const since = Math.max(approvedAt.getTime(), createdAt.getTime(), settings.updatedAt.getTime())
  return Math.max(Math.min(since, nowMs), notBefore?.getTime() ?? Number.NEGATIVE_INFINITY)
}
