import type { CallOptions, ContentTypeInfo, TaxonomyInfo } from '@igny8/core'
import type * as z from 'zod'
import { decodeEntities } from './decode-entities.ts'
import { malformed, type WordPressRest } from './wordpress-client.ts'
import { statusesSchema, taxonomiesSchema, typesSchema } from './wordpress-schemas.ts'

/** A content type with the names of the rights that it takes. */
export interface ReadType extends ContentTypeInfo {
  readonly rights: Readonly<Record<string, string>>
}

/** Types, taxonomies and statuses of a site, without counts. */
export interface ReadTypes {
  readonly contentTypes: readonly ReadType[]
  readonly taxonomies: readonly TaxonomyInfo[]
  readonly statuses: readonly string[]
}

/** WordPress's inner types, which hold no content of a site. */
const innerTypes = new Set(['attachment', 'nav_menu_item', 'customize_changeset', 'oembed_cache', 'user_request'])

/** Reads what the credential may edit: WordPress leaves out the types that it may not. */
export async function readTypes(rest: WordPressRest, options?: CallOptions): Promise<ReadTypes> {
  const [types, taxonomies, statuses] = await Promise.all([
    read(rest, 'wp/v2/types', typesSchema, options),
    read(rest, 'wp/v2/taxonomies', taxonomiesSchema, options),
    read(rest, 'wp/v2/statuses', statusesSchema, options),
  ])
  const contentTypes = Object.values(types).filter(holdsContent)
  const applying = new Set(contentTypes.flatMap((type) => type.taxonomies))
  const usable = Object.values(taxonomies).filter((taxonomy) => applying.has(taxonomy.slug) && isUsable(taxonomy))
  const known = new Set(usable.map((taxonomy) => taxonomy.slug))
  return {
    contentTypes: contentTypes.map((type) => mapTypeToInfo(type, known)),
    taxonomies: usable.map((taxonomy) => ({
      type: mapTaxonomyName(taxonomy.slug),
      label: decodeEntities(taxonomy.name),
      resource: resourceOf(taxonomy),
      hierarchical: taxonomy.hierarchical,
    })),
    statuses: Object.values(statuses)
      .map((status) => status.slug)
      .filter((slug) => slug !== 'trash'),
  }
}

/** Our name of a WordPress taxonomy. */
function mapTaxonomyName(slug: string): string {
  return slug === 'post_tag' ? 'tag' : slug
}

type WordPressType = z.infer<typeof typesSchema>[string]

/** Whether a type belongs to WordPress's own machinery. Such of core start with `wp_`. */
export function isInnerType(slug: string): boolean {
  return innerTypes.has(slug) || slug.startsWith('wp_')
}

function holdsContent(type: WordPressType): boolean {
  return !isInnerType(type.slug) && isName(type.slug) && isPath(resourceOf(type))
}

type WordPressTaxonomy = z.infer<typeof taxonomiesSchema>[string]

/** The terms of a post stand among its other fields: under the name of one of those, writing terms would write the field. */
function isUsable({ slug, rest_base, ...taxonomy }: WordPressTaxonomy): boolean {
  return (
    isName(slug) && isName(rest_base) && isPath(resourceOf({ ...taxonomy, rest_base })) && !postFields.has(rest_base)
  )
}

const postFields = new Set([
  ...[
    'id',
    'type',
    'status',
    'slug',
    'link',
    'guid',
    'title',
    'content',
    'excerpt',
    'author',
    'parent',
    'meta',
    '_links',
  ],
  ...['date', 'date_gmt', 'modified', 'modified_gmt', 'password', 'template', 'format', 'sticky', 'menu_order'],
  ...['featured_media', 'comment_status', 'ping_status', 'permalink_template', 'generated_slug', 'class_list'],
])

/** WordPress's own rule for the names of types and taxonomies. */
function isName(slug: string): boolean {
  return /^[\w-]{1,50}$/.test(slug) && slug !== '__proto__'
}

/** A route with a pattern in it belongs to something nested. */
function isPath(resource: string): boolean {
  return /^[\w-]+(?:[./][\w-]+)*$/.test(resource)
}

function mapTypeToInfo(type: WordPressType, known: ReadonlySet<string>): ReadType {
  const rights = Object.entries(type.capabilities).flatMap(([right, name]) =>
    typeof name === 'string' ? [[right, name] as const] : [],
  )
  return {
    type: type.slug,
    label: decodeEntities(type.name),
    resource: resourceOf(type),
    hierarchical: type.hierarchical,
    taxonomies: type.taxonomies.filter((slug) => known.has(slug)).map(mapTaxonomyName),
    supportsFeaturedImage: supports(type, 'thumbnail'),
    supportsExcerpt: supports(type, 'excerpt'),
    count: null,
    rights: Object.fromEntries(rights),
  }
}

function supports(type: WordPressType, feature: string): boolean {
  const value = type.supports[feature]
  return value !== undefined && value !== false
}

/** Before WordPress 5.9 everything lived under `wp/v2`. */
function resourceOf(thing: {
  readonly rest_base: string
  readonly rest_namespace?: string | false | undefined
}): string {
  return `${thing.rest_namespace || 'wp/v2'}/${thing.rest_base}`
}

/** Without `_fields`: these answers are maps, whose very keys it would filter. */
async function read<Schema extends z.ZodType>(
  rest: WordPressRest,
  route: string,
  schema: Schema,
  options?: CallOptions,
): Promise<z.output<Schema>> {
  const { value } = await rest.call({ route, query: { context: 'edit' }, options })
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw malformed(route, parsed.error.issues[0]?.message ?? 'unreadable')
  return parsed.data
}
