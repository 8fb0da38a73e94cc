import type { JsonObject } from './json.ts'

/** What a link ties together. */
export type LinkKind = 'content' | 'taxonomy' | 'image'

/**
 * Ties a local row to a remote one; unique per integration and kind in both directions.
 *
 * Two bases, as fields: ours diffs against what we sent, theirs against what the platform returned, so that what the
 * platform normalised or stripped is never taken for an edit.
 */
export interface SyncLink {
  readonly accountId: string
  readonly integrationId: string
  readonly kind: LinkKind
  readonly localId: string
  readonly externalId: string
  /** Type of the remote row: content type, taxonomy, or `media`. */
  readonly externalType: string
  /** Ours as last agreed; `null` where ours never left and theirs never arrived. */
  readonly localBase: JsonObject | null
  /** Theirs as last returned. */
  readonly remoteBase: JsonObject | null
  /** Hash over `remoteBase`, for telling an echo at one look. */
  readonly remoteHash: string | null
  readonly remoteModifiedAt: Date | null
  /** The platform's own status name. */
  readonly remoteStatus: string | null
  readonly remoteUrl: string | null
  /** Modified so shortly before it was read that the same stamp may hide a later edit: read it again. */
  readonly racy: boolean
  /** When the whole remote row was last compared; the rolling re-hash takes the oldest. */
  readonly verifiedAt: Date | null
  /** When a sweep over all ids last met it; `null` before the first. */
  readonly seenAt: Date | null
  /** Gone on the site, by proof. */
  readonly deletedAt: Date | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}
