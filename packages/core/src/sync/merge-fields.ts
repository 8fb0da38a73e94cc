import type { ConflictField } from '../model/conflict.ts'
import type { ContentFields } from '../model/content.ts'
import { type ContentFieldName, changedFields, pickContentFields } from '../model/content-fields.ts'
import { isSameJson } from '../model/hash-json.ts'
import type { JsonValue } from '../model/json.ts'
import { mergeBody } from './merge-body.ts'
import { mergeMeta } from './merge-meta.ts'
import { mergeSets } from './merge-sets.ts'

export type ConflictSide = 'ours' | 'theirs'

export interface FieldsInput {
  /** Ours as last agreed. */
  readonly localBase: ContentFields
  readonly ours: ContentFields
  /** Theirs as last returned. */
  readonly theirBase: ContentFields
  readonly theirs: ContentFields
  /** What somebody decided, by field; `meta.<key>` for a key of meta. Comes before everything. */
  readonly decisions: Readonly<Record<string, ConflictSide>>
  /** The side that wins where both changed a field in ways that cannot be merged; `null` leaves it to a person. */
  readonly policy: ConflictSide | null
}

export interface MergedFields {
  /** Ours, with what they changed. */
  readonly fields: ContentFields
  /** Ours as agreed from now on: their word on every field that they changed. Where `fields` differs from it, an edit waits to be pushed. */
  readonly base: ContentFields
  /** Fields in which `fields` is no longer what ours was. */
  readonly taken: readonly string[]
  /** Fields that both changed and that nobody decided. */
  readonly contested: readonly ConflictField[]
  /** Fields in which their change was decided against. */
  readonly overruled: readonly string[]
}

interface Merging {
  readonly fields: Record<string, unknown>
  readonly base: Record<string, unknown>
  readonly taken: string[]
  readonly contested: ConflictField[]
  readonly overruled: string[]
}

/** Field by field: what they changed is taken where ours did not, merged where both did, else decided by the decisions, the policy or a person. Pure. */
export function mergeFields(input: FieldsInput): MergedFields {
  const { localBase, ours, theirBase, theirs } = input
  const merging: Merging = {
    fields: { ...pickContentFields(ours) },
    base: { ...pickContentFields(localBase) },
    taken: [],
    contested: [],
    overruled: [],
  }
  const ourChanges = new Set(changedFields(localBase, ours))
  const theirChanges = changedFields(theirBase, theirs)
  for (const name of theirChanges) {
    if (name === 'meta') addMeta(input, merging)
    else if (name !== 'bodyFormat' || !theirChanges.includes('body'))
      addField(input, merging, name, ourChanges.has(name))
  }
  if (theirChanges.includes('body')) followBody(input, merging)
  return merging as unknown as MergedFields
}

function addField(
  input: FieldsInput,
  merging: Merging,
  name: Exclude<ContentFieldName, 'meta'>,
  isOurs: boolean,
): void {
  const { decisions, policy, ours, theirs } = input
  merging.base[name] = theirs[name]
  if (isSameJson(ours[name], theirs[name])) return
  const decided = decisions[name] ?? (isOurs ? null : 'theirs')
  const merged = decided === null ? mergeValue(input, name) : null
  const side = decided ?? policy
  if (merged !== null) {
    merging.fields[name] = merged
    if (!isSameJson(merged, ours[name])) merging.taken.push(name)
  } else if (side === 'theirs') {
    merging.fields[name] = theirs[name]
    merging.taken.push(name)
  } else if (side === 'ours') merging.overruled.push(name)
  else merging.contested.push(conflictField(input, name))
}

/** What both made of a field, where that can be merged. */
function mergeValue({ localBase, ours, theirBase, theirs }: FieldsInput, name: ContentFieldName) {
  if (name === 'taxonomyIds')
    return mergeSets({ base: localBase.taxonomyIds, ours: ours.taxonomyIds, theirs: theirs.taxonomyIds })
  const isReformatted = localBase.bodyFormat !== ours.bodyFormat || theirBase.bodyFormat !== theirs.bodyFormat
  if (name !== 'body' || isReformatted) return null
  const bodies = { localBase: localBase.body, ours: ours.body, theirBase: theirBase.body, theirs: theirs.body }
  return mergeBody(bodies, ours.bodyFormat)
}

function addMeta(input: FieldsInput, merging: Merging): void {
  const { localBase, ours, theirBase, theirs, decisions, policy } = input
  const merged = mergeMeta({
    localBase: localBase.meta,
    ours: ours.meta,
    theirBase: theirBase.meta,
    theirs: theirs.meta,
    decided: (key) => decisions[metaField(key)] ?? null,
    policy: () => policy,
  })
  merging.fields.meta = merged.meta
  merging.base.meta = merged.base
  merging.taken.push(...merged.taken.map(metaField))
  merging.overruled.push(...merged.overruled.map(metaField))
  merging.contested.push(...merged.contested.map((key) => conflictField(input, metaField(key))))
}

/** The format says what the body is: it comes from the side that the body comes from. */
function followBody({ localBase, ours, theirs }: FieldsInput, merging: Merging): void {
  merging.base.bodyFormat = theirs.bodyFormat
  const isTheirs = merging.fields.body === theirs.body
  if (isTheirs && (merging.taken.includes('body') || ours.bodyFormat === localBase.bodyFormat))
    merging.fields.bodyFormat = theirs.bodyFormat
}

/** How a conflict names a key of meta. */
function metaField(key: string): string {
  return `meta.${key}`
}

/** The value of a field, or of a key of meta; `null` where there is none. */
export function readField(fields: ContentFields, field: string): JsonValue {
  if (!field.startsWith('meta.')) return (fields[field as ContentFieldName] ?? null) as JsonValue
  const key = field.slice('meta.'.length)
  return Object.hasOwn(fields.meta, key) ? (fields.meta[key] ?? null) : null
}

/** All three values of a field, as a conflict keeps them. */
export function conflictField(
  { localBase, ours, theirs }: Pick<FieldsInput, 'localBase' | 'ours' | 'theirs'>,
  field: string,
): ConflictField {
  return {
    field,
    base: readField(localBase, field),
    ours: readField(ours, field),
    theirs: readField(theirs, field),
  }
}
