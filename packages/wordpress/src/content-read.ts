import type { PlatformContent, RemoteContent } from '@igny8/core'
import { isIgny8Error } from '@igny8/core/adapter-kit'
import type { BoundSite } from './bound-site.ts'
import { mapPostToRemoteContent, postFields } from './map-post-to-remote-content.ts'
import { parseExternalId } from './map-remote-write-to-post.ts'
import { readRows } from './read-rows.ts'
import { malformed, wordpressCodeOf } from './wordpress-client.ts'

/** How many look-alikes of a marker are looked for: WordPress counts up from `-2` where a slug is taken. */
const lookAlikes = 10

/** Reads one item. `absent` only where WordPress itself says so on the type's own route, to a user that it knows. */
export function createGet(site: BoundSite): PlatformContent['get'] {
  return async ({ type, externalId }, options) => {
    const route = await site.catalogue.type(type, options)
    const path = `${route.resource}/${parseExternalId(externalId)}`
    try {
      const query = { context: 'edit', _fields: postFields(route) }
      const { value } = await site.rest.call({ route: path, query, options })
      const mapped = mapPostToRemoteContent(value, route)
      if (mapped.kind === 'rejected') throw malformed(path, mapped.rejected.problem)
      if (mapped.row.externalId !== externalId) throw malformed(path, 'another item than the one asked for')
      return { kind: 'found', content: mapped.row }
    } catch (error) {
      if (!isInvalidId(error)) throw error
      await site.proveAuthentication(options)
      return { kind: 'absent' }
    }
  }
}

/** Finds drafts created under a marker, whatever became of their slug: taken (`-2`) or trashed (`__trashed`). */
export function createFindByMarker(site: BoundSite): PlatformContent['findByMarker'] {
  return async ({ type, marker }, options) => {
    const route = await site.catalogue.type(type, options)
    const slugs = markerSlugs(marker)
    const page = await readRows(site, {
      route,
      fields: postFields(route),
      map: mapPostToRemoteContent,
      withTrash: true,
      query: { slug: slugs, per_page: 100, orderby: 'id', order: 'asc' },
      options,
    })
    const broken = page.rejected[0]
    if (broken !== undefined) throw malformed(route.resource, broken.problem)
    // A site that passes over the filter gives its oldest items, which must never be taken for ours.
    return page.rows.filter((row) => slugs.includes(row.fields.slug)).sort(byExternalId)
  }
}

/** All slugs under which WordPress may keep what was created as `marker`. */
function markerSlugs(marker: string): readonly string[] {
  const taken = Array.from({ length: lookAlikes - 1 }, (_, index) => `${marker}-${index + 2}`)
  return [marker, ...taken].flatMap((slug) => [slug, `${slug}__trashed`])
}

/** WordPress's proof that a type has no item of this id. */
export function isInvalidId(error: unknown): boolean {
  return isIgny8Error(error) && error.details.status === 404 && wordpressCodeOf(error) === 'rest_post_invalid_id'
}

function byExternalId(one: RemoteContent, other: RemoteContent): number {
  return Number(one.externalId) - Number(other.externalId)
}
