import type { PublishingSettings, TimeSlot } from '../model/publishing-settings.ts'
import { stepMsOf } from './day-points.ts'
import { limitsOf, quotaPeriods } from './local-calendar.ts'
import { dayMs, minuteMs } from './local-date.ts'
import type { LocalZone } from './local-zone.ts'
import { formatSlot, mapSlotToMinutes, overlapsPastMidnight } from './merge-slots.ts'
import { capacityOf } from './publishing-capacity.ts'

/** Something that works, but perhaps not as meant. */
export interface PublishingWarning {
  readonly code: PublishingWarningCode
  /** What it is, and what would end it. */
  readonly message: string
}

/** What may not be as meant. */
export type PublishingWarningCode =
  /** Slots that overlap were made one. */
  | 'SLOTS_MERGED'
  /** Days, slots, gap or other limits leave less room than the limit. */
  | 'LIMIT_UNREACHABLE'
  /** A slot that ends before its second point. */
  | 'SLOT_TOO_SMALL'
  | 'ZONE_DIFFERS_FROM_SITE'
  /** Nothing can be published at all, or this content cannot. */
  | 'NO_FEASIBLE_TIME'
  /** The clocks go forward over the start or the end of the slot. */
  | 'DST_SHIFTED'
  /** The clocks go back over the start or the end of the slot: it is used once. */
  | 'DST_FOLD'
  /** It cannot be published at the instant it is pinned to. */
  | 'PIN_MOVED'
  /** A person pinned it closer to another one than the gap. */
  | 'PIN_WITHIN_GAP'
  /** The site was to publish it by itself, and has not. */
  | 'SITE_OVERDUE'

/** Looks for what may surprise in the settings of a site. */
export function warnOfSettings(input: {
  readonly settings: PublishingSettings
  readonly zone: LocalZone
  /** `null` where it is not known. */
  readonly siteZone: LocalZone | null
  readonly now: Date
}): readonly PublishingWarning[] {
  const { settings, zone, siteZone, now } = input
  const warnings: PublishingWarning[] = []
  const slots = settings.publishTimeSlots ?? []
  const limits = limitsOf(settings)
  const capacity = capacityOf(settings)
  const isNothingAllowed = Object.values(limits).includes(0)
  for (const [late, early] of overlapsPastMidnight(slots))
    warnings.push({
      code: 'SLOTS_MERGED',
      message: `${formatSlot(late)} runs into ${formatSlot(early)} of the next day: where both are open they count as one.`,
    })
  for (const period of quotaPeriods) {
    const limit = limits[period]
    if (limit === 0)
      warnings.push({
        code: 'NO_FEASIBLE_TIME',
        message: `The ${period} limit is 0: nothing is published but what is forced.`,
      })
    else if (!isNothingAllowed && limit !== null && limit > capacity[period])
      warnings.push({
        code: 'LIMIT_UNREACHABLE',
        message: `The ${period} limit of ${limit} cannot be reached: days, slots, gap and the other limits leave room for ${capacity[period]}.`,
      })
  }
  const stepMinutes = stepMsOf(settings) / minuteMs
  if (settings.distribution === 'earliest')
    for (const slot of slots) {
      const { start, end } = mapSlotToMinutes(slot)
      if (end - start < stepMinutes)
        warnings.push({
          code: 'SLOT_TOO_SMALL',
          message: `${formatSlot(slot)} is shorter than ${stepMinutes} minutes, the distance of two publications: it holds one.`,
        })
    }
  if (siteZone !== null && !isSameTime(zone, siteZone, now))
    warnings.push({
      code: 'ZONE_DIFFERS_FROM_SITE',
      message: `Slots are read in ${zone.id}, but the site shows times in ${siteZone.id}. Set timezone to null to follow the site.`,
    })
  return warnings
}

/** Says which slots became one. */
export function warnOfMerged(merged: readonly (readonly TimeSlot[])[]): readonly PublishingWarning[] {
  return merged.map((slots) => ({
    code: 'SLOTS_MERGED',
    message: `${slots.map(formatSlot).join(' and ')} overlap and were made one slot.`,
  }))
}

/** Whether two zones show the same time all through a year: names alone say little. */
function isSameTime(left: LocalZone, right: LocalZone, now: Date): boolean {
  if (left.id === right.id) return true
  return Array.from({ length: 366 }, (_, index) => now.getTime() + index * dayMs).every(
    (at) => left.offsetMsAt(at) === right.offsetMsAt(at),
  )
}
