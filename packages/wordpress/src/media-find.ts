import type { CallOptions, PlatformMedia, RemoteMedia } from '@igny8/core'
import type * as z from 'zod'
import type { BoundSite } from './bound-site.ts'
import { decodeEntities } from './decode-entities.ts'
import { parseExternalId } from './map-remote-write-to-post.ts'
import { malformed } from './wordpress-client.ts'
import { mediaSchema } from './wordpress-schemas.ts'

type WordPressMedia = z.infer<typeof mediaSchema>

const route = 'wp/v2/media'
export const mediaFields = 'id,slug,source_url,alt_text,mime_type,title'
/** An upload that was repeated by somebody else carries `-2`. */
const lookAlikes = 5

/** The upload whose slug is the content hash; the oldest where there are several. */
export function createFindByContentHash(site: BoundSite): PlatformMedia['findByContentHash'] {
  return async (contentHash, options) => {
    const taken: readonly string[] = Array.from({ length: lookAlikes - 1 }, (_, index) => `${contentHash}-${index + 2}`)
    const slugs = [contentHash, ...taken]
    const query = { slug: slugs, orderby: 'id', order: 'asc', per_page: lookAlikes }
    // A site that passes over the filter gives any image.
    const isOurs = (media: WordPressMedia) => slugs.includes(media.slug)
    const [found] = (await readMedia(site, { ...query, context: 'edit' }, options)).filter(isOurs)
    // An upload of another user is left out for those who may not edit it.
    const seen = found ?? (await readMedia(site, query, options)).find(isOurs)
    return seen === undefined ? null : mapMediaToRemote(seen)
  }
}

/** Many attachments by id. */
export function createGetManyMedia(site: BoundSite): PlatformMedia['getMany'] {
  return async (externalIds, options) => {
    const wanted = [...new Set(externalIds.map((id) => parseExternalId(id)))]
    const found: WordPressMedia[] = []
    for (let start = 0; start < wanted.length; start += site.maxPageSize) {
      const include = wanted.slice(start, start + site.maxPageSize)
      const query = { orderby: 'id', order: 'asc', per_page: include.length }
      const own = await readMedia(site, { ...query, include, context: 'edit' }, options)
      const known = new Set(own.map((media) => media.id))
      const hidden = include.filter((id) => !known.has(id))
      found.push(...own)
      if (hidden.length > 0) found.push(...(await readMedia(site, { ...query, include: hidden }, options)))
    }
    return found.filter((media) => wanted.includes(media.id)).map(mapMediaToRemote)
  }
}

async function readMedia(
  site: BoundSite,
  query: Readonly<Record<string, string | number | readonly (string | number)[]>>,
  options: CallOptions | undefined,
): Promise<readonly WordPressMedia[]> {
  const { value } = await site.rest.call({ route, query: { ...query, _fields: mediaFields }, options })
  if (!Array.isArray(value)) throw malformed(route, 'no list')
  return value.flatMap((row: unknown) => {
    const media = mediaSchema.safeParse(row)
    return media.success ? [media.data] : []
  })
}

/** An attachment of WordPress as remote media. The title is raw where the user may edit it, else as rendered, in plain text. */
export function mapMediaToRemote(media: WordPressMedia): RemoteMedia {
  return {
    externalId: String(media.id),
    url: media.source_url,
    alt: media.alt_text,
    title: media.title?.raw ?? decodeEntities(media.title?.rendered ?? ''),
    mediaType: media.mime_type,
  }
}
