import type { FakeSite } from './fake-site.ts'
import { type PostRow, type RevisionRow, type UserRow, zeroDate } from './site-state.ts'

/** WordPress's `wp_save_post_revision`: what a change made of the post, unless the newest revision says the same. */
export function saveRevision(site: FakeSite, user: UserRow | null, post: PostRow): void {
  if (site.types.get(post.type)?.supports.includes('revisions') !== true || post.status === 'auto-draft') return
  const revisions = site.state.revisions.get(post.id) ?? []
  const newest = revisions.at(-1)
  if (newest !== undefined && isSame(newest, post)) return
  const { modified, modifiedGmt } = post
  const revision: RevisionRow = {
    id: site.state.nextPostId++,
    postId: post.id,
    slug: `${post.id}-revision-v1`,
    authorId: user?.id ?? 0,
    title: post.title,
    content: post.content,
    excerpt: post.excerpt,
    date: modified,
    dateGmt: modifiedGmt === zeroDate ? site.time.gmtFromLocal(modified) : modifiedGmt,
  }
  site.state.revisions.set(post.id, [...revisions, revision])
}

function isSame(revision: RevisionRow, post: PostRow): boolean {
  return (
    collapse(revision.title) === collapse(post.title) &&
    collapse(revision.content) === collapse(post.content) &&
    collapse(revision.excerpt) === collapse(post.excerpt)
  )
}

/** WordPress's `normalize_whitespace`. */
function collapse(text: string): string {
  return text
    .trim()
    .replaceAll('\r', '\n')
    .replaceAll(/\n+/g, '\n')
    .replaceAll(/[ \t]+/g, ' ')
}
