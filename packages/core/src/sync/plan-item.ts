import type { ConflictField } from '../model/conflict.ts'
import type { Content, ContentFields } from '../model/content.ts'
import { changedFields, pickContentFields } from '../model/content-fields.ts'
import type { ConflictPolicy } from '../model/site-integration.ts'
import { type ConflictSide, mergeFields } from './merge-fields.ts'

/** Fields to write, and what they are compared with from then on. */
export interface MergePlan {
  readonly kind: 'merge'
  readonly fields: ContentFields
  /** Ours as agreed; where `fields` differs from it, an edit waits to be pushed. */
  readonly base: ContentFields
  /** Fields that their change moved, `meta.<key>` for a key of meta. */
  readonly taken: readonly string[]
  /** Fields in which ours stays although they changed it: what they wrote is to be kept somewhere. */
  readonly overruled: readonly string[]
  /** Removed here, and to stay so. */
  readonly staysRemoved: boolean
}

/** What is to be done with one remote item. */
export type ItemPlan =
  | { readonly kind: 'ignore' }
  | { readonly kind: 'create' }
  | { readonly kind: 'echo' }
  | MergePlan
  | { readonly kind: 'remove' }
  | { readonly kind: 'conflict'; readonly fields: readonly ConflictField[] }

export interface ItemInput {
  /** The content here, as it stands; `null` where there is none. */
  readonly content: Content | null
  /** Ours as last agreed. */
  readonly localBase: ContentFields | null
  /** Theirs as last returned, in our words. */
  readonly theirBase: ContentFields | null
  /** Theirs now, in our words. */
  readonly theirs: ContentFields
  /** Whether the remote item is, to the last byte of what we sync, what it was. */
  readonly unchanged: boolean
  readonly trashed: boolean
  /** Whether somebody removed it here while the site still has it. */
  readonly removedHere?: boolean
  readonly policy: ConflictPolicy
  /** Who edited last, for the policy `newest`. */
  readonly theirsIsNewer: boolean
  /** Sides that a person took, by field of the conflict. */
  readonly decisions?: Readonly<Record<string, ConflictSide>>
}

/**
 * The three trees: ours against what we sent, theirs against what they returned. Pure.
 *
 * A field that one side changed is taken, the same value on both is fine, a field that both changed is merged. The policy, or a person, decides
 * only what cannot be merged. An edit survives the removal by the other side: whether the item goes is always asked.
 */
export function planItem(input: ItemInput): ItemPlan {
  const { content, theirs, decisions = {}, removedHere = false } = input
  if (content === null) return input.trashed ? { kind: 'ignore' } : { kind: 'create' }
  if (input.unchanged) return { kind: 'echo' }
  const ours = pickContentFields(content)
  const localBase = input.localBase ?? ours
  const theirBase = input.theirBase ?? ours
  if (input.trashed) {
    const isEdited = changedFields(localBase, ours).length > 0 && !removedHere
    if (!isEdited || decisions.status === 'theirs') return { kind: 'remove' }
    if (decisions.status === undefined) return askStatus('edited', 'trashed')
    return { kind: 'merge', fields: ours, base: localBase, taken: [], overruled: [], staysRemoved: false }
  }
  const isEditedThere = changedFields(theirBase, theirs).length > 0
  if (removedHere && isEditedThere && decisions.status === undefined) return askStatus('removed', 'edited')
  // Who decided about the item as a whole has decided about what is in it.
  const policy = removedHere ? (decisions.status ?? null) : sideOf(input)
  const { contested, ...merged } = mergeFields({ localBase, ours, theirBase, theirs, decisions, policy })
  if (contested.length > 0) return { kind: 'conflict', fields: contested }
  return { kind: 'merge', ...merged, staysRemoved: removedHere && decisions.status !== 'theirs' }
}

function askStatus(ours: string, theirs: string): ItemPlan {
  return { kind: 'conflict', fields: [{ field: 'status', base: 'present', ours, theirs }] }
}

function sideOf({ policy, theirsIsNewer }: ItemInput): ConflictSide | null {
  if (policy === 'ask') return null
  if (policy === 'newest') return theirsIsNewer ? 'theirs' : 'ours'
  return policy === 'remote' ? 'theirs' : 'ours'
}
