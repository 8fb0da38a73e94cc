import type { TimeSlot } from '../model/publishing-settings.ts'
import { formatMinutes, minutesOf } from './local-date.ts'

/** A slot in minutes since the midnight that its date begins with; the end may lie on the next date. */
export interface SlotMinutes {
  readonly start: number
  readonly end: number
}

const minutesPerDay = 1_440

export function mapSlotToMinutes(slot: TimeSlot): SlotMinutes {
  const start = minutesOf(slot.start)
  const end = minutesOf(slot.end)
  return { start, end: end <= start ? end + minutesPerDay : end }
}

function mapMinutesToSlot({ start, end }: SlotMinutes): TimeSlot {
  return { start: formatMinutes(start), end: formatMinutes(end) }
}

/** `09:00–17:00` */
export function formatSlot({ start, end }: TimeSlot): string {
  return `${start}–${end}`
}

/**
 * Sorts slots, and makes one of those that overlap on the same date; slots that only touch stay two. Two whose union is longer than a day stay two as
 * well, as no slot can say it: the planner lets them share no instant.
 */
export function mergeSlots(slots: readonly TimeSlot[]): {
  readonly slots: readonly TimeSlot[]
  /** The slots that became one, a list for each. */
  readonly merged: readonly (readonly TimeSlot[])[]
} {
  const sorted = slots
    .map((slot) => ({ ...mapSlotToMinutes(slot), from: [slot] }))
    .sort((left, right) => left.start - right.start || left.end - right.end)
  const result: typeof sorted = []
  for (const slot of sorted) {
    const last = result.at(-1)
    const end = Math.max(last?.end ?? 0, slot.end)
    if (last === undefined || slot.start >= last.end || end - last.start > minutesPerDay) result.push(slot)
    else result[result.length - 1] = { start: last.start, end, from: [...last.from, ...slot.from] }
  }
  return {
    slots: result.map(mapMinutesToSlot),
    merged: result.filter(({ from }) => from.length > 1).map(({ from }) => from),
  }
}

/** Slots that run past midnight into another one of the next date, pair by pair: there they count as one. */
export function overlapsPastMidnight(slots: readonly TimeSlot[]): readonly (readonly [TimeSlot, TimeSlot])[] {
  return slots.flatMap((late) =>
    slots
      .filter((early) => mapSlotToMinutes(late).end - minutesPerDay > mapSlotToMinutes(early).start)
      .map((early) => [late, early] as const),
  )
}
