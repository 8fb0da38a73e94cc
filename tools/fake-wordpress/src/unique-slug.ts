import type { FakeSite } from './fake-site.ts'
import { truncateSlug } from './sanitize-title.ts'

export interface SlugInput {
  readonly slug: string
  readonly id: number
  readonly status: string
  readonly type: string
  readonly parentId: number
}

const drafts = new Set(['draft', 'pending', 'auto-draft'])
/** Names that belong to feeds. */
const reserved = new Set(['feed', 'rdf', 'rss', 'rss2', 'atom', 'embed'])

/** WordPress's `wp_unique_post_slug`: drafts may share a slug, nothing else may. */
export function uniquePostSlug(site: FakeSite, input: SlugInput): string {
  const { slug, type } = input
  if (drafts.has(input.status)) return slug
  const isHierarchical = site.types.get(type)?.hierarchical ?? false
  const isRefused =
    reserved.has(slug) ||
    (isHierarchical && /^(?:page)?\d+$/.test(slug)) ||
    (type === 'post' && readsAsDate(site, input))
  if (!isRefused && !isTaken(site, slug, input, isHierarchical)) return slug
  for (let suffix = 2; ; suffix++) {
    const candidate = `${truncateSlug(slug, 200 - `${suffix}`.length - 1)}-${suffix}`
    if (!isTaken(site, candidate, input, isHierarchical)) return candidate
  }
}

function isTaken(site: FakeSite, slug: string, input: SlugInput, isHierarchical: boolean): boolean {
  if (slug === '') return false
  const { posts, media } = site.state
  const isMedia = input.type === 'attachment'
  if (isMedia || isHierarchical) {
    for (const row of media.values()) {
      if (row.slug === slug && row.id !== input.id && (isMedia || row.parentId === input.parentId)) return true
    }
  }
  for (const row of posts.values()) {
    if (row.slug !== slug || row.id === input.id || site.unseen.has(row.id)) continue
    if (isMedia || (row.type === input.type && (!isHierarchical || row.parentId === input.parentId))) return true
  }
  return false
}

/** With slugs right under the address, a number would be taken for a year. */
function readsAsDate(site: FakeSite, { slug, id }: SlugInput): boolean {
  if (!/^\d+$/.test(slug) || Number(slug) === 0) return false
  return site.state.settings.permalinks === 'pretty' && site.state.posts.get(id)?.slug !== slug
}
