import type { PlatformContent, RemoteText } from '@igny8/core'
import { isIgny8Error } from '@igny8/core/adapter-kit'
import type * as z from 'zod'
import type { BoundSite } from './bound-site.ts'
import { parseExternalId } from './map-remote-write-to-post.ts'
import { mapGmtToDate } from './map-time.ts'
import { malformed, wordpressCodeOf } from './wordpress-client.ts'
import { postSchema, revisionSchema } from './wordpress-schemas.ts'

type Revision = z.infer<typeof revisionSchema>

/**
 * What an update replaced, unless the site keeps no revisions; autosaves do not count.
 *
 * Our own revision is known by its text and not by its author, as people often work under the very account whose application password we hold.
 */
export function createLatestRevision(site: BoundSite): NonNullable<PlatformContent['latestRevision']> {
  return async ({ type, externalId, left }, options) => {
    const route = await site.catalogue.type(type, options)
    const path = `${route.resource}/${parseExternalId(externalId)}`
    const text = ['title', 'content', 'excerpt']
    const ownFields = ['id', 'type', 'status', ...text.map((field) => `${field}.raw`)]
    // Revisions do not know fields within fields.
    const query = { context: 'edit', per_page: 10, _fields: ['id', 'slug', 'modified_gmt', ...text] }
    try {
      const [current, revisions] = await Promise.all([
        site.rest.call({ route: path, query: { context: 'edit', _fields: ownFields }, options }).catch(asGone),
        site.rest.call({ route: `${path}/revisions`, query, options }),
      ])
      const present = postSchema.nullable().safeParse(current === null ? null : current.value)
      const rows = revisionSchema.array().safeParse(revisions.value)
      if (!present.success || !rows.success) throw malformed(`${path}/revisions`, 'no revisions')
      // What has left its place between the two answers has no present text: what we replaced may be had from here and nowhere else.
      const now = present.data === null ? left : textOf(present.data)
      const newestFirst = rows.data
        .filter((row) => !row.slug.includes('-autosave-v'))
        .sort((one, other) => timeOf(other) - timeOf(one) || other.id - one.id)
      const own = newestFirst.findIndex((row) => !differs(textOf(row), left))
      const found = newestFirst.slice(own + 1).find((row) => differs(textOf(row), left) && differs(textOf(row), now))
      if (found === undefined) return null
      return { externalId: String(found.id), modifiedAt: new Date(timeOf(found)), fields: textOf(found) }
    } catch (error) {
      if (isMissingRoute(error) || isGone(error)) return null
      throw error
    }
  }
}

function textOf(row: Pick<Revision, 'title' | 'content' | 'excerpt'>): RemoteText {
  return { title: row.title?.raw ?? '', body: row.content?.raw ?? '', excerpt: row.excerpt?.raw ?? '' }
}

function differs(one: RemoteText, other: RemoteText): boolean {
  return one.title !== other.title || one.body !== other.body || one.excerpt !== other.excerpt
}

function timeOf(row: Revision): number {
  return mapGmtToDate(row.modified_gmt)?.getTime() ?? 0
}

function asGone(error: unknown): null {
  if (isGone(error)) return null
  throw error
}

/** The item's route and that of its revisions each have a code for it, and either may answer first. */
function isGone(error: unknown): boolean {
  return isIgny8Error(error) && error.code === 'REMOTE_NOT_FOUND'
}

/** Types without revisions have no such route. */
function isMissingRoute(error: unknown): boolean {
  return isIgny8Error(error) && error.details.status === 404 && wordpressCodeOf(error) === 'rest_no_route'
}
