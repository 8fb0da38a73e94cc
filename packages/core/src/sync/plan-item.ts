import type { ConflictField } from '../model/conflict.ts'
import type { Content, ContentFields } from '../model/content.ts'
import { type ContentFieldName, changedFields } from '../model/content-fields.ts'
import { canonicalJson } from '../model/hash-json.ts'
import type { JsonValue } from '../model/json.ts'
import type { ConflictPolicy } from '../model/site-integration.ts'

/** What is to be done with one remote item. */
export type ItemPlan =
  | { readonly kind: 'ignore' }
  | { readonly kind: 'create' }
  | { readonly kind: 'echo' }
  | { readonly kind: 'merge'; readonly fields: ContentFields; readonly taken: readonly ContentFieldName[] }
  | { readonly kind: 'remove' }
  | { readonly kind: 'conflict'; readonly fields: readonly ConflictField[]; readonly merged: ContentFields }

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
  readonly policy: ConflictPolicy
  /** Who edited last, for the policy `newest`. */
  readonly theirsIsNewer: boolean
}

/**
 * The three trees: ours against what we sent, theirs against what they returned. Pure.
 *
 * A field that one side changed is taken; the same value on both is fine; a field that both changed is a conflict, decided
 * by the policy or by a person. The result of a conflict keeps ours until somebody decides.
 */
export function planItem(input: ItemInput): ItemPlan {
  const { content, theirs } = input
  if (content === null) return input.trashed ? { kind: 'ignore' } : { kind: 'create' }
  if (input.unchanged) return { kind: 'echo' }
  const oursChanged = new Set(input.localBase === null ? [] : changedFields(input.localBase, content))
  if (input.trashed) {
    if (oursChanged.size === 0) return { kind: 'remove' }
    const field = { field: 'status', base: 'present', ours: 'edited', theirs: 'trashed' }
    return { kind: 'conflict', fields: [field], merged: content }
  }
  const taken: ContentFieldName[] = []
  const contested: ConflictField[] = []
  for (const name of changedFields(input.theirBase ?? content, theirs)) {
    if (canonicalJson(content[name]) === canonicalJson(theirs[name])) continue
    if (!oursChanged.has(name) || prefersTheirs(input)) taken.push(name)
    else if (input.policy === 'ask') contested.push(contest(input, name))
  }
  const merged = { ...content, ...Object.fromEntries(taken.map((name) => [name, theirs[name]])) }
  if (contested.length > 0) return { kind: 'conflict', fields: contested, merged }
  return { kind: 'merge', fields: merged, taken }
}

function prefersTheirs(input: ItemInput): boolean {
  return input.policy === 'remote' || (input.policy === 'newest' && input.theirsIsNewer)
}

function contest(input: ItemInput, name: ContentFieldName): ConflictField {
  const base = (input.localBase?.[name] ?? null) as JsonValue
  return {
    field: name,
    base,
    ours: (input.content?.[name] ?? null) as JsonValue,
    theirs: input.theirs[name] as JsonValue,
  }
}
