import type { Publication, QueueEntry } from '../model/publication.ts'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import type { DayWindow } from './day-windows.ts'
import type { LocalZone } from './local-zone.ts'

/** All that a plan depends on. */
export interface PlanInput {
  readonly settings: PublishingSettings
  /** Of the settings, else of the site. */
  readonly zone: LocalZone
  readonly queue: readonly QueueEntry[]
  /** Every unit counted in the month, week and gap that `now` lies in, or later: see `ledgerFrom`. */
  readonly ledger: readonly Publication[]
  readonly now: Date
  /** Decides, with date and index, where jitter falls. Usually the site's id. */
  readonly seed: string
}

/** How an instant was found. */
export type PlacedBy =
  /** The next free point of a slot, or one that is not two minutes past: it is on time. */
  | 'point'
  /** Its point has passed and nobody used it. */
  | 'late'
  /** The end of the pause after a failed attempt. */
  | 'retry'
  | 'pin'

/** What becomes of a content in the queue. */
export type PlannedItem =
  | {
      readonly state: 'planned'
      readonly entry: QueueEntry
      /** Due where it is not after `now`; what is on time may be two minutes before it. */
      readonly at: Date
      readonly by: PlacedBy
      /** `null` for pins. */
      readonly window: DayWindow | null
    }
  | {
      /**
       * `claimed`: it is being sent. `verifying`: nobody knows yet whether it was published. `handed-over`: the site has it, with its date, and publishes it by itself.
       * `published`: done. `failed`: waits to be requeued.
       * `held`: auto-publish is off. `unplaced`: no feasible time within the horizon.
       */
      readonly state: 'claimed' | 'verifying' | 'handed-over' | 'published' | 'failed' | 'held' | 'unplaced'
      readonly entry: QueueEntry
      /** The instant that is counted, where one is. */
      readonly at: Date | null
    }

/** A plan of the whole queue. */
export interface PublicationPlan {
  /** In order: priority (highest first), approval, content id. None moves those before it. */
  readonly items: readonly PlannedItem[]
}

/** Why an instant was not free. */
export type Rejection =
  | { readonly kind: 'limit'; readonly period: 'daily' | 'weekly' | 'monthly' }
  /** Something else is published then, or closer than the gap. */
  | { readonly kind: 'taken'; readonly taken: number }

/** Whether something failed: what is taken back from the site was not tried. */
export function isTried(status: QueueEntry['status']): boolean {
  return status === 'retrying' || status === 'failed'
}

/** Puts a queue in order: priority (highest first), approval, content id. */
export function compareEntries(left: QueueEntry, right: QueueEntry): number {
  return (
    right.priority - left.priority ||
    left.approvedAt.getTime() - right.approvedAt.getTime() ||
    (left.contentId < right.contentId ? -1 : left.contentId > right.contentId ? 1 : 0)
  )
}
