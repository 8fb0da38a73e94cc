import * as z from 'zod'
import type { InputOf } from '../errors/input-of.ts'
import type { JsonValue } from '../model/json.ts'

const id = z.string().min(1).max(255)
const metaKey = z
  .string()
  .min(1)
  .max(255)
  .refine((key) => key !== '__proto__', 'is not a usable key')
const meta = z.record(metaKey, z.json() as z.ZodType<JsonValue, JsonValue>)

/** Largest body, in characters. */
const maxBody = 5_000_000

const fields = {
  title: z.string().max(2_000),
  body: z.string().max(maxBody),
  bodyFormat: z.enum(['blocks', 'html', 'markdown']),
  excerpt: z.string().max(20_000),
  slug: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\s/?#]+$/, 'has no spaces, slashes, question marks or hashes')
    .nullable(),
  taxonomyIds: z.array(id).max(1_000),
  featuredImageId: id.nullable(),
  meta,
}

export const createContentSchema = z.strictObject({
  siteId: id,
  /** One of `connections.contentTypes`; another one is refused by the push. */
  type: z.string().min(1).max(64),
  title: fields.title,
  body: fields.body.default(''),
  /** `markdown` is for hosts that convert it themselves: sites refuse it with `UNSUPPORTED`. */
  bodyFormat: fields.bodyFormat.default('blocks'),
  excerpt: fields.excerpt.default(''),
  slug: fields.slug.default(null),
  taxonomyIds: fields.taxonomyIds.default([]),
  featuredImageId: fields.featuredImageId.default(null),
  meta: fields.meta.default({}),
  actor: z.string().min(1).max(255).optional(),
})

export const updateContentSchema = z.strictObject({
  contentId: id,
  /** The version that the change is based on. */
  version: z.int().min(1),
  changes: z.strictObject(fields).partial(),
  actor: z.string().min(1).max(255).optional(),
})

export const contentIdSchema = id
export const contentIdsSchema = z.array(id).max(1_000)

export const reviewOptionsSchema = z.strictObject({
  /** Refuses where the content has moved on. */
  version: z.int().min(1).optional(),
  actor: z.string().min(1).max(255).optional(),
  reason: z.string().max(2_000).optional(),
})

export const listContentSchema = z.strictObject({
  siteId: id.optional(),
  type: z.string().min(1).max(64).optional(),
  status: z.enum(['draft', 'review', 'approved', 'scheduled', 'publishing', 'published', 'failed']).optional(),
  origin: z.enum(['local', 'remote']).optional(),
  pendingChanges: z.boolean().optional(),
  search: z.string().min(1).max(200).optional(),
  includeRemoved: z.boolean().optional(),
  sort: z.enum(['createdAt', 'updatedAt', 'title']).default('createdAt'),
  direction: z.enum(['asc', 'desc']).default('desc'),
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().max(2_000).optional(),
})

export const pageSchema = z.strictObject({
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().max(2_000).optional(),
})

/** What a new content is made of: site, type and title; the rest is empty unless given. Starts as a draft, version 1. */
export type CreateContentInput = InputOf<typeof createContentSchema>
/** Changes to fields of one content, based on the version given. Fields that are left out stay as they are. */
export type UpdateContentInput = InputOf<typeof updateContentSchema>
/** Of a step of the review: who takes it, why, and the version it speaks of. A version that has moved on throws `VERSION_CONFLICT`. */
export type ReviewOptions = InputOf<typeof reviewOptionsSchema>
/** Filters, order and page of a list of contents. @default newest first, 50 a page */
export type ListContentInput = InputOf<typeof listContentSchema>
