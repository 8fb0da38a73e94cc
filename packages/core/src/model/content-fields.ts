import type { ContentFields } from './content.ts'
import { hashJson, isSameJson } from './hash-json.ts'

/** The names of everything that a person edits and sync compares. */
export const contentFieldNames = [
  'title',
  'body',
  'bodyFormat',
  'excerpt',
  'slug',
  'taxonomyIds',
  'featuredImageId',
  'meta',
] as const satisfies readonly (keyof ContentFields)[]

export type ContentFieldName = (typeof contentFieldNames)[number]

/** The editable part of a content, its terms in a stable order; the fields stand in the order in which they are hashed, which spares sorting them. */
export function pickContentFields(source: ContentFields): ContentFields {
  const { body, bodyFormat, excerpt, featuredImageId, meta, slug, title } = source
  return { body, bodyFormat, excerpt, featuredImageId, meta, slug, taxonomyIds: sortIds(source.taxonomyIds), title }
}

/** Ids in one order: themselves where they stand in it already, as sorting makes two lists more. */
export function sortIds(ids: readonly string[]): readonly string[] {
  return ids.every((id, index) => index === 0 || (ids[index - 1] ?? '') <= id) ? ids : ids.toSorted()
}

/** What an approval is bound to. */
export function hashContentFields(source: ContentFields): string {
  return hashJson(pickContentFields(source))
}

/** Names of the fields whose values differ. Terms are compared without order. */
export function changedFields(before: ContentFields, after: ContentFields): readonly ContentFieldName[] {
  const left = pickContentFields(before)
  const right = pickContentFields(after)
  return contentFieldNames.filter((name) => !isSameJson(left[name], right[name]))
}
