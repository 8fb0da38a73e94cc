import type { ContentType } from './content-types.ts'
import { findPost } from './posts-write.ts'
import { renderText } from './render-text.ts'
import { answer, type RestAnswer, refusal } from './rest-answer.ts'
import { mayEdit } from './rights.ts'
import { contextArgument, type Endpoint, numberOf, pageArguments, type RouteCall, refusalStatus } from './route.ts'
import type { RevisionRow } from './site-state.ts'

/** The revisions of a post, newest first. */
export function createRevisionsEndpoint(type: ContentType): Endpoint {
  return {
    schema: {
      parent: { type: 'integer' },
      ...pageArguments,
      context: contextArgument,
      per_page: { type: 'integer', minimum: 1, maximum: 100, first: true },
      offset: { type: 'integer' },
      order: { type: 'string', values: ['asc', 'desc'], fallback: 'desc' },
    },
    permission: ({ site, parameters, user }) => {
      const post = findPost(site, type, parameters.parent)
      if (post === undefined) return invalidParent()
      if (mayEdit(user, type, post)) return null
      return refusal(
        refusalStatus(user),
        'rest_cannot_read',
        'Sorry, you are not allowed to view revisions of this post.',
      )
    },
    run: (call) => listRevisions(type, call),
  }
}

function listRevisions(type: ContentType, { site, parameters }: RouteCall): RestAnswer {
  const post = findPost(site, type, parameters.parent)
  if (post === undefined) return invalidParent()
  const direction = parameters.order === 'asc' ? 1 : -1
  const revisions = [...(site.state.revisions.get(post.id) ?? [])].sort(
    (one, other) => direction * (compare(one.date, other.date) || one.id - other.id),
  )
  const total = revisions.length
  const limit = parameters.per_page === undefined ? Math.max(total, 1) : numberOf(parameters, 'per_page')
  const page = numberOf(parameters, 'page')
  const offset = parameters.offset === undefined ? (page - 1) * limit : numberOf(parameters, 'offset')
  const pages = Math.ceil(total / limit)
  if (total > 0 && parameters.offset !== undefined && offset >= total) {
    return refusal(
      400,
      'rest_revision_invalid_offset_number',
      'The offset number requested is larger than or equal to the number of available revisions.',
    )
  }
  if (total > 0 && parameters.offset === undefined && page > pages) {
    return refusal(
      400,
      'rest_revision_invalid_page_number',
      'The page number requested is larger than the number of pages available.',
    )
  }
  const isEdit = parameters.context === 'edit'
  const body = revisions.slice(offset, offset + limit).map((revision) => renderRevision(revision, isEdit))
  return answer(body, { 'x-wp-total': String(total), 'x-wp-totalpages': String(pages) })
}

function renderRevision(revision: RevisionRow, isEdit: boolean): Record<string, unknown> {
  const text = (raw: string, name: string) => ({ ...(isEdit ? { raw } : {}), rendered: renderText(raw, name) })
  const [date, dateGmt] = [revision.date.replace(' ', 'T'), revision.dateGmt.replace(' ', 'T')]
  return {
    author: revision.authorId,
    date,
    date_gmt: dateGmt,
    id: revision.id,
    modified: date,
    modified_gmt: dateGmt,
    parent: revision.postId,
    slug: revision.slug,
    title: text(revision.title, 'title'),
    content: text(revision.content, 'content'),
    excerpt: text(revision.excerpt, 'excerpt'),
  }
}

function invalidParent(): RestAnswer {
  return refusal(404, 'rest_post_invalid_parent', 'Invalid post parent ID.')
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
