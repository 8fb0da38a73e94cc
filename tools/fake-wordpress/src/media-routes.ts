import type { Arguments } from './check-parameters.ts'
import { mediaType } from './content-types.ts'
import type { FakeSite } from './fake-site.ts'
import { storeUpload } from './media-upload.ts'
import { findPost, invalidId } from './posts-write.ts'
import { renderPost } from './render-post.ts'
import { answer, type RestAnswer, refusal } from './rest-answer.ts'
import { may, mayEdit } from './rights.ts'
import { type Endpoint, numberOf, type RouteCall, refusalStatus, textOf } from './route.ts'
import { sanitizeTextField } from './sanitize-html.ts'
import { sanitizeTitle } from './sanitize-title.ts'
import type { MediaRow } from './site-state.ts'
import { uniquePostSlug } from './unique-slug.ts'

const schema: Arguments = {
  slug: { type: 'string', first: true, read: (value) => sanitizeTitle(String(value ?? '')) },
  alt_text: { type: 'string', first: true, read: (value) => sanitizeTextField(String(value ?? '')) },
  post: { type: 'integer', first: true },
}

/** Uploads a file: its bytes are the body, its name stands in a header, its texts in the query. */
export const uploadEndpoint: Endpoint = {
  schema,
  permission: ({ parameters, user }) => {
    if (parameters.id) return refusal(400, 'rest_post_exists', 'Cannot create existing post.')
    if (may(user, 'upload_files')) return null
    const message = 'Sorry, you are not allowed to create posts as this user.'
    return refusal(refusalStatus(user), 'rest_cannot_create', message)
  },
  run: (call) => {
    const stored = storeUpload(call)
    const location = `${call.site.state.settings.url}/wp-json/wp/v2/media/${stored.id}`
    const headers = { location, 'x-wp-upload-attachment-id': String(stored.id) }
    return render(call, stored, { status: 201, headers })
  },
}

export const mediaUpdateEndpoint: Endpoint = {
  schema: { id: { type: 'integer' }, ...schema },
  permission: mayNotEdit,
  run: (call) => {
    const before = call.site.state.media.get(numberOf(call.parameters, 'id'))
    return before === undefined ? invalidId() : render(call, updateMedia(call, before))
  },
}

/** Makes the sizes of an image whose upload broke off; the fake has none to make. */
export const postProcessEndpoint: Endpoint = {
  schema: { id: { type: 'integer' }, action: { type: 'string', values: ['create-image-subsizes'], required: true } },
  permission: mayNotEdit,
  run: (call) => {
    const media = call.site.state.media.get(numberOf(call.parameters, 'id'))
    return media === undefined ? invalidId() : render(call, media)
  },
}

function mayNotEdit({ site, parameters, user }: RouteCall): RestAnswer | null {
  const media = findPost(site, mediaType, parameters.id)
  if (media === undefined) return invalidId()
  if (mayEdit(user, mediaType, media)) return null
  return refusal(refusalStatus(user), 'rest_cannot_edit', 'Sorry, you are not allowed to edit this post.')
}

function updateMedia({ site, parameters }: RouteCall, before: MediaRow): MediaRow {
  const text = (name: string) => {
    const value = parameters[name]
    if (typeof value === 'object' && value !== null && 'raw' in value) return String(value.raw)
    return typeof value === 'string' ? value : undefined
  }
  const slug = textOf(parameters, 'slug')
  const row: MediaRow = {
    ...before,
    title: text('title') ?? before.title,
    excerpt: text('caption') ?? before.excerpt,
    content: text('description') ?? before.content,
    altText: textOf(parameters, 'alt_text') ?? before.altText,
    slug: slug === undefined ? before.slug : newSlug(site, before, slug),
    modified: site.time.nowLocal(),
    modifiedGmt: site.time.nowGmt(),
  }
  site.state.media.set(row.id, row)
  return row
}

function newSlug(site: FakeSite, { id, status, type, parentId, title }: MediaRow, slug: string): string {
  return uniquePostSlug(site, { slug: slug || sanitizeTitle(title), id, status, type, parentId })
}

function render(
  { site, parameters, fields }: RouteCall,
  media: MediaRow,
  more: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): RestAnswer {
  parameters.context = 'edit'
  return answer(renderPost(site, media, { type: mediaType, context: 'edit', fields }), more.headers, more.status)
}
