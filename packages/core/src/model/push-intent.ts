import type { JsonObject } from './json.ts'

/** What a push set out to do, written before the first request so that a crash can be told from a refusal. */
export interface PushIntent {
  readonly id: string
  readonly accountId: string
  readonly integrationId: string
  readonly contentId: string
  /** The version that was claimed; only it is sent. */
  readonly contentVersion: number
  /**
   * `unpublish` takes it off the public site as a draft; it sends nothing else. `schedule` leaves it to the site, with the date of its unit of quota; `unschedule`
   * takes that back as a draft, as long as the site has not published it.
   */
  readonly as: 'publish' | 'draft' | 'unpublish' | 'schedule' | 'unschedule'
  /** `remove`: the content was removed here, and the deletion policy says what happens there. */
  readonly action: 'create' | 'update' | 'remove'
  /** Slug under which a create starts; derived from the site's key and the content's id. */
  readonly marker: string
  /** Known once the draft stands, or from the start for updates. */
  readonly externalId: string | null
  /** Start of the newest request whose outcome is not known yet; `null` when every outcome is known. */
  readonly unresolvedSince: Date | null
  /** Not before this instant may the marker's absence be believed. */
  readonly settleAt: Date | null
  /** Our fields as they were sent last; `null` before they were. */
  readonly sent: JsonObject | null
  /** Text and modified time of the item when an update was about to replace it: after a crash, an edit that came in between is still found by them. */
  readonly replaced: JsonObject | null
  /** Hash over the draft as the platform first returned it, its slug left out: tells a late twin from an edited one. */
  readonly draftHash: string | null
  /** When the push was done; `null` while it is under way. A create's intent outlives it by a day, so that a draft which arrives late, or twice, is recognised. */
  readonly finishedAt: Date | null
  readonly version: number
  /** When what it sets out to do was begun. One that was finished begins anew with the next push. */
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Whether it takes the site's item out of sight, and sends nothing of what stands here. */
export function takesBack(as: PushIntent['as']): boolean {
  return as === 'unpublish' || as === 'unschedule'
}
