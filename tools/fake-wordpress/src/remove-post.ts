import type { FakeSite } from './fake-site.ts'
import { updatePost } from './save-post.ts'
import type { PostRow, UserRow } from './site-state.ts'

export function trashPost(site: FakeSite, user: UserRow | null, post: PostRow): PostRow {
  return updatePost(site, user, post, { status: 'trash' })
}

/** Out of the trash comes a draft, whatever it was before. */
export function untrashPost(site: FakeSite, user: UserRow | null, post: PostRow): PostRow {
  return updatePost(site, user, post, { status: 'draft' })
}

/** Deletes for good: revisions go along, children move up. */
export function deletePost(site: FakeSite, post: PostRow): void {
  const { posts, media, revisions } = site.state
  posts.delete(post.id)
  revisions.delete(post.id)
  for (const row of posts.values()) {
    if (row.parentId === post.id) posts.set(row.id, { ...row, parentId: post.parentId })
  }
  for (const row of media.values()) if (row.parentId === post.id) media.set(row.id, { ...row, parentId: post.parentId })
}

/** Deletes an attachment; posts that showed it have no featured image afterwards, and are not modified by it. */
export function deleteMedia(site: FakeSite, id: number): void {
  const { posts, media } = site.state
  media.delete(id)
  for (const row of posts.values()) if (row.featuredMediaId === id) posts.set(row.id, { ...row, featuredMediaId: 0 })
}
