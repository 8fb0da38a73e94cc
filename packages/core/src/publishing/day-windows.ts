import type { PublishingSettings, TimeSlot } from '../model/publishing-settings.ts'
import type { LocalCalendar } from './local-calendar.ts'
import { type DayNumber, dayMs, minuteMs, weekdayOf } from './local-date.ts'
import { mapSlotToMinutes, type SlotMinutes } from './merge-slots.ts'

/** A slot on one date, as instants `[start, end)`. Those of one site share no instant. */
export interface DayWindow {
  /** The date that the slot starts on: what publish days are compared with. */
  readonly day: DayNumber
  /** `null`: any time. */
  readonly slot: TimeSlot | null
  readonly start: number
  readonly end: number
  /** The clocks change where it starts or ends: it was shifted out of a gap, or its wall time comes twice. */
  readonly clockChange: 'gap' | 'fold' | null
}

/** The windows of dates. */
export interface DayWindows {
  isPublishDay(day: DayNumber): boolean
  /** Ascending. Empty where the date is no publish day, or does not exist in the zone. */
  on(day: DayNumber): readonly DayWindow[]
  /** The one that an instant is in; a slot of the date before may last past midnight. */
  at(instantMs: number): DayWindow | undefined
}

/**
 * Turns slots into instants, date by date.
 *
 * A start in a gap comes later by the gap, one in a fold is the first of the two; an end in a gap is where the clocks jump, one in a fold the earlier. A
 * slot of which nothing is left moves as a whole. What a window shares with an earlier one is the earlier one's.
 */
export function createDayWindows(calendar: LocalCalendar, settings: PublishingSettings): DayWindows {
  const publishDays = new Set(settings.publishDays)
  const slots = settings.publishTimeSlots?.map((slot) => ({ slot, minutes: mapSlotToMinutes(slot) })) ?? null
  let last: { readonly day: DayNumber; readonly windows: readonly DayWindow[] } | undefined

  const isPublishDay = (day: DayNumber) => publishDays.has(weekdayOf(day))

  /** As if no other date had any. */
  function alone(day: DayNumber): readonly DayWindow[] {
    if (!isPublishDay(day)) return []
    if (last?.day === day) return last.windows
    const start = calendar.startOfDay(day)
    const end = calendar.startOfDay(day + 1)
    let windows: DayWindow[] = []
    if (start === end) windows = []
    else if (slots === null) windows = [{ day, slot: null, start, end, clockChange: null }]
    else
      windows = slots
        .map(({ slot, minutes }) => ({ day, slot, ...readSlot(calendar, day, minutes) }))
        .sort((left, right) => left.start - right.start)
    last = { day, windows }
    return windows
  }

  function on(day: DayNumber): readonly DayWindow[] {
    let taken = Number.NEGATIVE_INFINITY
    for (const { end } of alone(day - 1)) taken = Math.max(taken, end)
    const windows: DayWindow[] = []
    for (const window of alone(day)) {
      if (window.end > taken) windows.push(window.start >= taken ? window : { ...window, start: taken })
      taken = Math.max(taken, window.end)
    }
    return windows
  }

  return {
    isPublishDay,
    on,
    at(instantMs) {
      const day = calendar.dayAt(instantMs)
      const isIn = ({ start, end }: DayWindow) => start <= instantMs && instantMs < end
      return on(day - 1).find(isIn) ?? on(day).find(isIn)
    },
  }
}

function readSlot(
  { zone }: LocalCalendar,
  day: DayNumber,
  minutes: SlotMinutes,
): Pick<DayWindow, 'start' | 'end' | 'clockChange'> {
  const from = zone.readWallTime(day * dayMs + minutes.start * minuteMs)
  const to = zone.readWallTime(day * dayMs + minutes.end * minuteMs)
  const start = from.kind === 'unique' ? from.at : from.kind === 'fold' ? from.first : from.later
  const end = to.kind === 'unique' ? to.at : to.kind === 'fold' ? to.first : to.transition
  const inGap = from.kind === 'gap' || to.kind === 'gap'
  const inFold = from.kind === 'fold' || to.kind === 'fold'
  return {
    start,
    end: end > start ? end : start + (minutes.end - minutes.start) * minuteMs,
    clockChange: inGap ? 'gap' : inFold ? 'fold' : null,
  }
}
