import type { BodyFormat, JsonObject, RejectedRow, RemoteContent, RemoteOutline } from '@igny8/core'
import type * as z from 'zod'
import { mapStatusToState } from './map-status-to-state.ts'
import { mapGmtToDate } from './map-time.ts'
import type { TypeRoute } from './site-catalogue.ts'
import { outlineSchema, postSchema, termIdsSchema } from './wordpress-schemas.ts'

/** A row that was read, or why it could not be. */
export type Mapped<Row> =
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'rejected'; readonly rejected: RejectedRow }

/** The `_fields` of whole items: raw fields only, so that WordPress renders nothing but excerpts, which it always does. */
export function postFields(route: TypeRoute): readonly string[] {
  return [...ownFields, ...route.taxonomies.map((taxonomy) => taxonomy.field)]
}

const ownFields = [
  'id',
  'type',
  'status',
  'slug',
  'link',
  'date_gmt',
  'modified_gmt',
  'title.raw',
  'content.raw',
  'excerpt.raw',
  'featured_media',
  'meta',
]

export const outlineFields = ['id', 'modified_gmt', 'status', 'type']

/** States whose link is where people read the item; a draft's or scheduled post's link is a preview. */
const readable = new Set(['published', 'private', 'unknown'])

/** A post of WordPress (`context=edit`) as a remote item. Body, title and excerpt are the stored text, byte for byte. */
export function mapPostToRemoteContent(post: unknown, route: TypeRoute): Mapped<RemoteContent> {
  const parsed = postSchema.safeParse(post)
  if (!parsed.success) return reject(post, parsed.error)
  const row = parsed.data
  if (row.type !== route.type) return rejectType(row.id, route.type)
  if (row.title === undefined && row.content === undefined && row.excerpt === undefined) {
    // A route that does not know fields within fields: better no item than one that looks emptied.
    return {
      kind: 'rejected',
      rejected: { externalId: String(row.id), problem: 'neither title nor content nor excerpt' },
    }
  }
  const terms: (readonly [type: string, externalIds: readonly string[]])[] = []
  for (const { type, field } of route.taxonomies) {
    if (row[field] === undefined) continue
    const ids = termIdsSchema.safeParse(row[field])
    if (!ids.success)
      return { kind: 'rejected', rejected: { externalId: String(row.id), problem: `${field}: no list of ids` } }
    terms.push([type, [...new Set(ids.data)].sort((one, other) => one - other).map(String)])
  }
  if (nestsTooDeeply(row.meta)) {
    return { kind: 'rejected', rejected: { externalId: String(row.id), problem: 'meta: nested too deeply' } }
  }
  const state = mapStatusToState(row.status)
  const body = row.content?.raw ?? ''
  const isDraft = state === 'draft' || state === 'pending'
  const content: RemoteContent = {
    externalId: String(row.id),
    type: row.type,
    status: row.status,
    state,
    modifiedAt: mapGmtToDate(row.modified_gmt) ?? new Date(0),
    fields: {
      title: row.title?.raw ?? '',
      body,
      bodyFormat: detectBodyFormat(body),
      excerpt: row.excerpt?.raw ?? '',
      slug: row.slug,
      terms: Object.fromEntries(terms),
      featuredMediaId: row.featured_media ? String(row.featured_media) : null,
      meta: isObject(row.meta) ? row.meta : {},
    },
    url: readable.has(state) && row.link !== undefined && row.link !== '' ? row.link : null,
    publishedAt: isDraft ? null : mapGmtToDate(row.date_gmt),
  }
  return { kind: 'row', row: content }
}

/** The four fields that tell whether an item must be read whole. */
export function mapPostToOutline(post: unknown, route: TypeRoute): Mapped<RemoteOutline> {
  const parsed = outlineSchema.safeParse(post)
  if (!parsed.success) return reject(post, parsed.error)
  const { id, type, status, modified_gmt } = parsed.data
  if (type !== route.type) return rejectType(id, route.type)
  const modifiedAt = mapGmtToDate(modified_gmt) ?? new Date(0)
  return { kind: 'row', row: { externalId: String(id), type, status, state: mapStatusToState(status), modifiedAt } }
}

/** Blocks announce themselves by comments; everything else in WordPress is HTML. */
function detectBodyFormat(body: string): BodyFormat {
  return body.includes('<!-- wp:') ? 'blocks' : 'html'
}

/** Why a row was refused, in a few words that repeat nothing of its content. */
export function reject(row: unknown, error: z.ZodError): { readonly kind: 'rejected'; readonly rejected: RejectedRow } {
  const issue = error.issues[0]
  const id = isObject(row) ? row.id : undefined
  const text = typeof id === 'number' || typeof id === 'string' ? String(id) : ''
  const externalId = /^\d{1,16}$/.test(text) ? text : null
  const path = issue?.path.map(String).join('.') || 'row'
  return {
    kind: 'rejected',
    rejected: { externalId, problem: `${path}: ${issue?.message ?? 'unreadable'}`.slice(0, 200) },
  }
}

function rejectType(id: number, expected: string): { readonly kind: 'rejected'; readonly rejected: RejectedRow } {
  const problem = `is not of type "${expected}"`
  return { kind: 'rejected', rejected: { externalId: String(id), problem } }
}

/** PHP writes JSON of 512 levels at most; what hashes or stores more of them runs out of stack. */
function nestsTooDeeply(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; depth <= 512; depth++) {
    if (level.length === 0) return false
    level = level.flatMap((entry): unknown[] =>
      typeof entry === 'object' && entry !== null ? Object.values(entry) : [],
    )
  }
  return true
}

/** Values come out of `JSON.parse`, so that an object is a JSON object. */
function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
