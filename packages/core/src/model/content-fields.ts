import type { ContentFields } from './content.ts'
import { canonicalJson, hashJson } from './hash-json.ts'

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

/** The editable part of a content, its terms in a stable order. */
export function pickContentFields(source: ContentFields): ContentFields {
  const { title, body, bodyFormat, excerpt, slug, featuredImageId, meta } = source
  return { title, body, bodyFormat, excerpt, slug, taxonomyIds: [...source.taxonomyIds].sort(), featuredImageId, meta }
}

/** What an approval is bound to. */
export function hashContentFields(source: ContentFields): string {
  return hashJson(pickContentFields(source))
}

/** Names of the fields whose values differ. Terms are compared without order. */
export function changedFields(before: ContentFields, after: ContentFields): readonly ContentFieldName[] {
  const left = pickContentFields(before)
  const right = pickContentFields(after)
  return contentFieldNames.filter((name) => canonicalJson(left[name]) !== canonicalJson(right[name]))
}
