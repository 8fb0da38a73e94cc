import * as z from 'zod'

const raw = z.looseObject({ raw: z.string() })
const id = z.int().positive()
const gmt = z.string().nullish()
/** PHP writes an empty map as an empty list. */
const phpMap = <Value extends z.ZodType>(value: Value) =>
  z.union([z.record(z.string(), value), z.tuple([]).transform(() => ({}) as Record<string, z.output<Value>>)])

/** A post of any type as `context=edit` gives it. Terms stand under the REST names of their taxonomies. */
export const postSchema = z.looseObject({
  id,
  type: z.string().min(1),
  status: z.string().min(1),
  slug: z.string().catch(''),
  link: z.string().optional(),
  date_gmt: gmt,
  modified_gmt: gmt,
  title: raw.optional(),
  content: raw.optional(),
  excerpt: raw.optional(),
  featured_media: z.int().nonnegative().nullish(),
  meta: z.unknown().optional(),
})

export const outlineSchema = z.looseObject({
  id,
  type: z.string().min(1),
  status: z.string().min(1),
  modified_gmt: gmt,
})

export const termIdsSchema = z.array(id)

export const termSchema = z.looseObject({
  id,
  name: z.string(),
  slug: z.string(),
  description: z.string().catch(''),
  parent: z.int().nonnegative().optional(),
})

export const mediaSchema = z.looseObject({
  id,
  slug: z.string().catch(''),
  source_url: z.string(),
  alt_text: z.string().catch(''),
  mime_type: z.string().catch(''),
  title: z.looseObject({ raw: z.string().optional(), rendered: z.string().optional() }).optional(),
})

export const revisionSchema = z.looseObject({
  id,
  slug: z.string().catch(''),
  modified_gmt: gmt,
  title: raw.optional(),
  content: raw.optional(),
  excerpt: raw.optional(),
})

export const rootSchema = z.looseObject({
  name: z.string().catch(''),
  home: z.string().catch(''),
  gmt_offset: z.coerce.number().catch(0),
  timezone_string: z.string().catch(''),
  namespaces: z.array(z.string()),
  authentication: z
    .looseObject({
      'application-passwords': z.looseObject({ endpoints: z.looseObject({ authorization: z.string() }) }).optional(),
    })
    .catch({}),
})

/** Without fallbacks: a zone that was not read must not look like one that changed. */
export const zoneSchema = z.looseObject({ gmt_offset: z.coerce.number(), timezone_string: z.string() })

export const userSchema = z.looseObject({
  id,
  name: z.string().catch(''),
  username: z.string().optional(),
  roles: z.array(z.string()).catch([]),
  capabilities: phpMap(z.unknown()).catch({}),
})

export const typesSchema = phpMap(
  z.looseObject({
    name: z.string(),
    slug: z.string(),
    hierarchical: z.boolean().catch(false),
    rest_base: z.string(),
    rest_namespace: z.union([z.string(), z.literal(false)]).optional(),
    taxonomies: z.array(z.string()).catch([]),
    supports: phpMap(z.unknown()).catch({}),
    capabilities: phpMap(z.unknown()).catch({}),
  }),
)

export const taxonomiesSchema = phpMap(
  z.looseObject({
    name: z.string(),
    slug: z.string(),
    hierarchical: z.boolean().catch(false),
    rest_base: z.string(),
    rest_namespace: z.union([z.string(), z.literal(false)]).optional(),
  }),
)

export const statusesSchema = phpMap(z.looseObject({ slug: z.string() }))

export const batchSchema = z.looseObject({
  responses: z.array(z.looseObject({ status: z.number(), body: z.unknown() }).nullable()),
})
