import type { ContentType } from './content-types.ts'
import type { FakeSite } from './fake-site.ts'
import type { PostRow } from './site-state.ts'

const readable = new Set(['publish', 'private', 'inherit'])

/** The address of a post: its slug where people may read it, its number before and after. */
export function linkOf(site: FakeSite, type: ContentType, post: PostRow): string {
  const { url, permalinks } = site.state.settings
  if (permalinks === 'pretty' && readable.has(post.status) && post.slug !== '') {
    return `${url}/${type.path}${pathOf(site, type, post)}/`
  }
  if (type.name === 'page') return `${url}/?page_id=${post.id}`
  if (type.name === 'attachment') return `${url}/?attachment_id=${post.id}`
  if (type.name === 'post') return `${url}/?p=${post.id}`
  return readable.has(post.status) ? `${url}/?${type.name}=${post.slug}` : `${url}/?post_type=${type.name}&p=${post.id}`
}

function pathOf(site: FakeSite, type: ContentType, post: PostRow): string {
  const parent = type.hierarchical && post.parentId !== 0 ? site.state.posts.get(post.parentId) : undefined
  return parent === undefined || parent.slug === '' ? post.slug : `${pathOf(site, type, parent)}/${post.slug}`
}
