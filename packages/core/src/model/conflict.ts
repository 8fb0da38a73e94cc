import type { JsonValue } from './json.ts'

/** One field that both sides changed. */
export interface ConflictField {
  readonly field: string
  readonly base: JsonValue
  readonly ours: JsonValue
  readonly theirs: JsonValue
}

/** Both sides changed the same thing; all three values are kept. One open per link. */
export interface Conflict {
  readonly id: string
  readonly accountId: string
  readonly integrationId: string
  readonly contentId: string
  readonly externalId: string
  readonly status: 'open' | 'resolved'
  readonly fields: readonly ConflictField[]
  /** The two states that were compared; resolution is a compare-and-set on both. */
  readonly contentVersion: number
  readonly remoteHash: string
  /** Field → side taken; `null` while open. */
  readonly resolution: Readonly<Record<string, 'ours' | 'theirs'>> | null
  readonly resolvedBy: string | null
  readonly resolvedAt: Date | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}
