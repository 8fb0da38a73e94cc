import type { PublishingSettings } from '../model/publishing-settings.ts'
import type { DayWindow } from './day-windows.ts'
import { minuteMs } from './local-date.ts'

/** Where on a date something may be published, besides the moment at which a late one is caught up. */
export interface DayPoints {
  readonly windows: readonly DayWindow[]
  readonly count: number
  /** Ascending. */
  at(index: number): number
  windowOf(index: number): DayWindow
}

const leastStepMs = 15 * minuteMs
/** Points of a date without a daily limit, where they are spread. */
const spreadWithoutLimit = 24

/** The least distance of two points of one slot under `earliest`. */
export function stepMsOf(settings: PublishingSettings): number {
  return Math.max(settings.minGapMinutes * minuteMs, leastStepMs)
}

/**
 * Sets the points of a date.
 *
 * `earliest`: from the start of each slot, a step apart. `even`: as many as the day's limit allows over the length of all slots together, the first half a
 * step in; fewer where they would come closer than the gap. `jitter`: likewise, each anywhere in its step, but no closer to the next than the gap. `seed`,
 * date and index alone decide where. Whole minutes all.
 */
export function createDayPoints(
  settings: PublishingSettings,
  windows: readonly DayWindow[],
  seedHash: number,
): DayPoints {
  return settings.distribution === 'earliest'
    ? stepFromStart(windows, stepMsOf(settings))
    : spread(settings, windows, seedHash)
}

function stepFromStart(windows: readonly DayWindow[], stepMs: number): DayPoints {
  const only = windows[0]
  if (windows.length === 1 && only !== undefined)
    return {
      windows,
      count: Math.ceil((only.end - only.start) / stepMs),
      at: (index) => only.start + index * stepMs,
      windowOf: () => only,
    }
  return listPoints(
    windows,
    windows.flatMap((window) =>
      Array.from({ length: Math.ceil((window.end - window.start) / stepMs) }, (_, index) => ({
        at: window.start + index * stepMs,
        window,
      })),
    ),
  )
}

function spread(settings: PublishingSettings, windows: readonly DayWindow[], seedHash: number): DayPoints {
  const limit = settings.dailyPublishLimit ?? spreadWithoutLimit
  const gapMs = settings.minGapMinutes * minuteMs
  const lengthMs = windows.reduce((sum, { start, end }) => sum + end - start, 0)
  const count = Math.min(limit, Math.max(1, Math.floor(lengthMs / Math.max(gapMs, minuteMs))))
  const stepMs = lengthMs / count
  const playMs = Math.max(0, stepMs - gapMs)
  const points = Array.from({ length: lengthMs > 0 ? count : 0 }, (_, index) => {
    const inStep =
      settings.distribution === 'even' ? stepMs / 2 : fractionOf(seedHash, windows[0]?.day ?? 0, index) * playMs
    return pointAt(windows, index * stepMs + inStep)
  })
  return listPoints(windows, points)
}

/** The windows of a date are one line here, laid end to end. */
function pointAt(windows: readonly DayWindow[], alongMs: number): { readonly at: number; readonly window: DayWindow } {
  let left = alongMs
  let along: { readonly at: number; readonly window: DayWindow } | undefined
  for (const window of windows) {
    const length = window.end - window.start
    // Fractions may end a hair past the last window.
    const minutes = Math.min(Math.floor(left / minuteMs), Math.ceil(length / minuteMs) - 1)
    along = { at: window.start + minutes * minuteMs, window }
    if (left < length) break
    left -= length
  }
  if (along === undefined) throw new RangeError('A date without windows has no points.')
  return along
}

function listPoints(
  windows: readonly DayWindow[],
  points: readonly { readonly at: number; readonly window: DayWindow }[],
): DayPoints {
  const find = (index: number) => {
    const point = points[index]
    if (point === undefined) throw new RangeError(`A date with ${points.length} points has none at ${index}.`)
    return point
  }
  return { windows, count: points.length, at: (index) => find(index).at, windowOf: (index) => find(index).window }
}

/** Hashes a text to 32 bits (FNV-1a). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

/** A fraction in [0, 1) that looks random and is always the same (the finaliser of MurmurHash3). */
function fractionOf(seedHash: number, day: number, index: number): number {
  let hash = seedHash ^ Math.imul(day + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
