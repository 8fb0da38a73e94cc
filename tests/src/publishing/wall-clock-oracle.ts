import type { TimeSlot, Weekday } from '@igny8/core'

/** What a clock on the wall shows, told by the platform's own `Intl`: nothing here is the planner's. */
export interface WallClock {
  /** As the milliseconds that UTC would have at that wall time. */
  wallMsAt(at: number): number
  dateAt(at: number): string
  weekdayOf(date: string): Weekday
  /** When a slot of a date begins and ends, found minute by minute. `undefined` where the date has none. */
  slotOn(date: string, slot: TimeSlot | null): { readonly start: number; readonly end: number } | undefined
  /** Changes of the clocks in `[from, to)`. */
  changesBetween(from: number, to: number): readonly number[]
}

const minuteMs = 60_000
const dayMs = 86_400_000
const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
const clocks = new Map<string, WallClock>()

/** Opens the clock of a zone; one that was opened before is the same. */
export function openWallClock(zone: string): WallClock {
  const clock = clocks.get(zone) ?? createWallClock(zone)
  clocks.set(zone, clock)
  return clock
}

function createWallClock(zone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const walls = new Map<number, number>()
  const slots = new Map<string, ReturnType<WallClock['slotOn']>>()

  function wallMsAt(at: number): number {
    const known = walls.get(at)
    if (known !== undefined) return known
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
    const wall = Date.UTC(year, month - 1, day, hour, minute, second)
    if (walls.size > 200_000) walls.clear()
    walls.set(at, wall)
    return wall
  }

  /** The first minute that shows `wallMs`, or the one at which the clocks jump over it. */
  function find(wallMs: number): { readonly at: number; readonly exists: boolean } {
    // The offset a day and a half earlier: where it holds still, and no other comes between, the answer is one subtraction.
    const guess = wallMs - (wallMsAt(wallMs - 1.5 * dayMs) - (wallMs - 1.5 * dayMs))
    const isCalm = [-26, -13, 0, 13, 26].every((hours) => {
      const at = guess + hours * 3_600_000
      return wallMsAt(at) - at === wallMs - guess
    })
    if (isCalm) return { at: guess, exists: true }
    let before = wallMsAt(guess - 1.2 * dayMs - (guess % minuteMs))
    for (let at = guess - 1.2 * dayMs - (guess % minuteMs); ; at += minuteMs) {
      const wall = wallMsAt(at)
      if (wall === wallMs) return { at, exists: true }
      if (before < wallMs && wall > wallMs) return { at, exists: false }
      before = wall
      if (at > guess + 3 * dayMs) throw new Error(`${zone} never shows ${new Date(wallMs).toISOString()}.`)
    }
  }

  function slotOn(date: string, slot: TimeSlot | null): ReturnType<WallClock['slotOn']> {
    const midnight = Date.parse(date)
    if (slot === null) {
      const [start, end] = [find(midnight).at, find(midnight + dayMs).at]
      return start === end ? undefined : { start, end }
    }
    if (find(midnight).at === find(midnight + dayMs).at) return undefined
    const startWall = midnight + minutesOf(slot.start) * minuteMs
    const endMinutes = minutesOf(slot.end) + (minutesOf(slot.end) <= minutesOf(slot.start) ? 1_440 : 0)
    const from = find(startWall)
    // The clock that went on without the jump would show it this much later.
    const start = from.exists ? from.at : from.at + (startWall - (wallMsAt(from.at - minuteMs) + minuteMs))
    const end = find(midnight + endMinutes * minuteMs).at
    return { start, end: end > start ? end : start + (endMinutes - minutesOf(slot.start)) * minuteMs }
  }

  return {
    wallMsAt,
    dateAt: (at) => new Date(wallMsAt(at)).toISOString().slice(0, 10),
    weekdayOf: (date) => names[new Date(date).getUTCDay()] ?? 'sun',
    slotOn(date, slot) {
      const key = `${date} ${slot?.start} ${slot?.end}`
      if (!slots.has(key)) {
        if (slots.size > 20_000) slots.clear()
        slots.set(key, slotOn(date, slot))
      }
      return slots.get(key)
    },
    changesBetween(from, to) {
      const changes: number[] = []
      const offsetAt = (at: number) => wallMsAt(at) - at
      for (let day = from; day < to; day += dayMs) {
        if (offsetAt(day) === offsetAt(day + dayMs)) continue
        let [low, high] = [day, day + dayMs]
        while (high - low > minuteMs) {
          const middle = low + Math.floor((high - low) / 2 / minuteMs) * minuteMs
          if (offsetAt(middle) === offsetAt(low)) low = middle
          else high = middle
        }
        changes.push(high)
      }
      return changes
    },
  }
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
