import type { RemoteWrite } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'
import { mapDateToGmt } from './map-time.ts'
import type { TypeRoute } from './site-catalogue.ts'

const statusOf = { published: 'publish', scheduled: 'future', draft: 'draft' } as const

/**
 * The body of a create or update: only what the write names.
 *
 * Without a date WordPress publishes now, unless the post has one that is to come: then it becomes a scheduled post. Throws `INVALID_INPUT` for ids that WordPress cannot have and taxonomies that do not apply.
 */
export function mapRemoteWriteToPost(write: RemoteWrite, route: TypeRoute): Readonly<Record<string, unknown>> {
  const post: Record<string, unknown> = {}
  if (write.title !== undefined) post.title = write.title
  if (write.body !== undefined) post.content = write.body
  if (write.excerpt !== undefined) post.excerpt = write.excerpt
  if (write.slug !== undefined) post.slug = write.slug
  if (write.meta !== undefined) post.meta = write.meta
  if (write.state !== undefined) post.status = statusOf[write.state]
  // `null` resets it, as a draft's that has none.
  if (write.publishAt !== undefined) post.date_gmt = write.publishAt === null ? null : mapDateToGmt(write.publishAt)
  if (write.featuredMediaId !== undefined) {
    post.featured_media = write.featuredMediaId === null ? 0 : parseExternalId(write.featuredMediaId, 'featuredMediaId')
  }
  for (const [type, ids] of Object.entries(write.terms ?? {})) {
    const taxonomy = route.taxonomies.find((candidate) => candidate.type === type)
    if (taxonomy === undefined) throw invalid(`terms.${type}`, `does not apply to the type "${route.type}"`)
    post[taxonomy.field] = ids.map((id) => parseExternalId(id, `terms.${type}`))
  }
  return post
}

/** WordPress's ids are positive whole numbers. Throws `INVALID_INPUT`. */
export function parseExternalId(externalId: string, field = 'externalId'): number {
  const id = Number(externalId)
  if (/^[1-9]\d{0,15}$/.test(externalId) && Number.isSafeInteger(id)) return id
  throw invalid(field, 'is not an id of WordPress')
}

function invalid(field: string, problem: string): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: `${field}: ${problem}`,
    hint: 'Refresh the site’s structure and its taxonomies, then try again.',
    details: { field },
  })
}
