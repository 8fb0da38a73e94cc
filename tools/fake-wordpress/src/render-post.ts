import type { ContentType } from './content-types.ts'
import type { FakeSite } from './fake-site.ts'
import { linkOf } from './link-of.ts'
import { readMeta } from './post-meta.ts'
import { renderText } from './render-text.ts'
import { type FieldTree, wants, wantsWithin } from './select-fields.ts'
import { type MediaRow, type PostRow, zeroDate } from './site-state.ts'
import { formatColumn, parseColumn } from './site-time.ts'

export interface RenderInput {
  readonly type: ContentType
  readonly context: string
  readonly fields: FieldTree | null
}

/** A post as its route gives it: only what was asked for is made. */
export function renderPost(site: FakeSite, post: PostRow, input: RenderInput): Record<string, unknown> {
  const { type, context, fields } = input
  const isEdit = context === 'edit'
  const isEmbed = context === 'embed'
  const row: Record<string, unknown> = { id: post.id }
  const put = (name: string, make: () => unknown) => {
    if (wants(fields, name)) row[name] = make()
  }
  const text = (name: string, raw: string, more: () => object = () => ({})) => {
    if (!wants(fields, name)) return
    row[name] = {
      ...(isEdit ? { raw } : {}),
      ...(wantsWithin(fields, name, 'rendered') ? { rendered: renderText(raw, name) } : {}),
      ...more(),
    }
  }
  put('date', () => toIso(site, post.date))
  if (!isEmbed)
    put('date_gmt', () => toIso(site, post.dateGmt === zeroDate ? site.time.gmtFromLocal(post.date) : post.dateGmt))
  if (!isEmbed) put('guid', () => ({ rendered: post.guid, ...(isEdit ? { raw: post.guid } : {}) }))
  if (!isEmbed) put('modified', () => toIso(site, post.modified))
  if (!isEmbed) put('modified_gmt', () => modifiedGmtOf(site, post))
  if (isEdit && type.name !== 'attachment') put('password', () => post.password)
  put('slug', () => post.slug)
  if (!isEmbed) put('status', () => post.status)
  put('type', () => post.type)
  put('link', () => linkOf(site, type, post))
  text('title', post.title)
  if (type.name === 'attachment') {
    renderMedia(site, post as MediaRow, { put, text, isEdit, fields })
  } else {
    const isProtected = post.password !== ''
    if (!isEmbed) {
      text('content', post.content, () => ({
        protected: isProtected,
        ...(isEdit ? { block_version: post.content.includes('<!-- wp:') ? 1 : 0 } : {}),
      }))
    }
    if (hasField(type, 'excerpt')) {
      text('excerpt', post.excerpt, () => ({ protected: isProtected }))
    }
  }
  if (hasField(type, 'author')) put('author', () => post.authorId)
  put('featured_media', () => post.featuredMediaId)
  if (!isEmbed) renderRest(site, post, { type, put })
  return row
}

interface Rest {
  readonly type: ContentType
  readonly put: (name: string, make: () => unknown) => void
}

function renderRest(site: FakeSite, post: PostRow, { type, put }: Rest): void {
  if (type.hierarchical) put('parent', () => post.parentId)
  if (type.supports.includes('page-attributes')) put('menu_order', () => post.menuOrder)
  if (type.supports.includes('comments')) {
    put('comment_status', () => post.commentStatus)
    put('ping_status', () => post.pingStatus)
  }
  if (type.name === 'post') {
    put('sticky', () => post.sticky)
    put('format', () => post.format)
  }
  put('template', () => post.template)
  if (type.supports.includes('custom-fields') || type.name === 'attachment')
    put('meta', () => readMeta(site, type, post))
  for (const name of type.taxonomies) {
    const taxonomy = site.taxonomies.get(name)
    if (taxonomy !== undefined) put(taxonomy.restBase, () => sortByName(site, post.terms[name] ?? []))
  }
}

interface Media {
  readonly put: (name: string, make: () => unknown) => void
  readonly text: (name: string, raw: string) => void
  readonly isEdit: boolean
  readonly fields: FieldTree | null
}

function renderMedia(site: FakeSite, media: MediaRow, { put, text, isEdit, fields }: Media): void {
  // These two know no fields within.
  if (fields === null || fields.get('description') === true) text('description', media.content)
  if (fields === null || fields.get('caption') === true) text('caption', media.excerpt)
  put('alt_text', () => media.altText)
  put('media_type', () => (media.mimeType.startsWith('image/') ? 'image' : 'file'))
  put('mime_type', () => media.mimeType)
  put('media_details', () => ({ file: media.file, filesize: media.bytes.length, sizes: {} }))
  put('post', () => media.parentId || null)
  put('source_url', () => `${site.state.settings.url}/wp-content/uploads/${media.file}`)
  if (isEdit) put('missing_image_sizes', () => [])
}

/** Pages and posts have fixed fields; other types have those that they support. */
export function hasField(type: ContentType, name: 'excerpt' | 'author'): boolean {
  const isFixed = type.name === 'post' || type.name === 'page' || (type.name === 'attachment' && name === 'author')
  return isFixed || type.supports.includes(name)
}

/** WordPress reads every column as local time, those in UTC too: what falls into the hour that summer time leaves out comes an hour late. */
function toIso(site: FakeSite, column: string): string {
  return site.time.skipGap(column).replace(' ', 'T')
}

/**
 * New drafts have none: WordPress counts back from the local time by the offset that the zone has now, so that what it says
 * moves by an hour when summer time begins or ends.
 */
function modifiedGmtOf(site: FakeSite, post: PostRow): string {
  if (post.modifiedGmt !== zeroDate) return toIso(site, post.modifiedGmt)
  return toIso(site, formatColumn(parseColumn(post.modified) - site.time.offsetHours() * 3_600_000))
}

function sortByName(site: FakeSite, ids: readonly number[]): readonly number[] {
  if (ids.length < 2) return ids
  const nameOf = (id: number) => site.state.terms.get(id)?.name.toLowerCase() ?? ''
  return [...ids].sort((one, other) =>
    nameOf(one) < nameOf(other) ? -1 : nameOf(one) > nameOf(other) ? 1 : one - other,
  )
}
