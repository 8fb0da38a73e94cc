import type { TimeSlot } from '../model/publishing-settings.ts'
import { countInOrder } from './count-in-order.ts'
import { describePlacing, warnOfItem } from './describe-item.ts'
import { formatLocal } from './format-local.ts'
import { formatDay } from './local-date.ts'
import type { LocalZone } from './local-zone.ts'
import { planPublications } from './plan-publications.ts'
import type { PlacedBy, PlanInput, PlannedItem } from './publication-plan.ts'
import { type PublishingWarning, warnOfSettings } from './publishing-warnings.ts'
import type { QuotaUse } from './quota-book.ts'

/** What becomes of one content, for a person. */
export interface PreviewItem {
  readonly contentId: string
  readonly state: PlannedItem['state']
  readonly by: PlacedBy | null
  /** When it is published, or was counted. */
  readonly at: Date | null
  /** The same in the zone of the plan, with its offset: `2026-11-24T09:00:00-05:00`. */
  readonly local: string | null
  readonly slot: {
    /** The date that it starts on. */
    readonly day: string
    /** `null`: any time. */
    readonly slot: TimeSlot | null
    readonly start: Date
    readonly end: Date
  } | null
  /** Day, week and month as they are once this is published. */
  readonly quotas: readonly QuotaUse[]
  readonly reason: string
  /** Where it stood before the change that was asked about; `undefined` where it did not move. */
  readonly movedFrom?: Date | null
  readonly warnings: readonly PublishingWarning[]
}

/** A plan for a person: what is published when, and what a change would move. */
export interface PublicationPreview {
  readonly zone: string
  readonly items: readonly PreviewItem[]
  readonly warnings: readonly PublishingWarning[]
}

/**
 * Shows a plan. Pure.
 *
 * With `before`, the state without the change that is asked about, each item that moved says so.
 */
export function previewPublications(
  input: PlanInput,
  around: { readonly before?: PlanInput; readonly siteZone?: LocalZone | null } = {},
): PublicationPreview {
  const { settings, zone, now } = input
  const { items } = planPublications(input)
  const countOf = countInOrder(input, items)
  const stoodAt = around.before === undefined ? undefined : placesOf(planPublications(around.before).items)
  return {
    zone: zone.id,
    warnings: warnOfSettings({ settings, zone, siteZone: around.siteZone ?? null, now }),
    items: items.map((item) => {
      const { contentId } = item.entry
      const count = countOf.get(contentId)
      const window = item.state === 'planned' ? item.window : null
      const from = stoodAt?.get(contentId) ?? null
      const moved = stoodAt?.has(contentId) === true && from?.getTime() !== item.at?.getTime()
      return {
        contentId,
        state: item.state,
        by: item.state === 'planned' ? item.by : null,
        at: item.at,
        local: item.at === null ? null : formatLocal(zone, item.at.getTime()),
        slot:
          window === null
            ? null
            : {
                day: formatDay(window.day),
                slot: window.slot,
                start: new Date(window.start),
                end: new Date(window.end),
              },
        quotas: count?.quotas ?? [],
        reason: describePlacing(item),
        ...(moved ? { movedFrom: from } : {}),
        warnings: warnOfItem(item, count?.gapBroken ?? false, now),
      }
    }),
  }
}

function placesOf(items: readonly PlannedItem[]): ReadonlyMap<string, Date | null> {
  return new Map(items.map((item) => [item.entry.contentId, item.at]))
}
