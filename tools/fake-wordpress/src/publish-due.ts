import type { FakeSite } from './fake-site.ts'
import { withDefaultCategory } from './save-post.ts'
import { saveRevision } from './save-revision.ts'
import { never, type PostRow } from './site-state.ts'

/** Publishes what is scheduled for now or earlier, as WordPress's cron does; the modified time stays what it was. */
export function publishDue(site: FakeSite): void {
  const { state } = site
  const now = site.time.nowGmt()
  if (now < state.nextDueGmt) return
  state.nextDueGmt = never
  for (const row of state.posts.values()) {
    if (row.status !== 'future') continue
    if (row.dateGmt > now) {
      if (row.dateGmt < state.nextDueGmt) state.nextDueGmt = row.dateGmt
    } else {
      publishScheduled(site, row)
    }
  }
}

/** WordPress's `wp_publish_post`: the status alone changes, and a first revision is kept. */
export function publishScheduled(site: FakeSite, row: PostRow): PostRow {
  const terms = row.type === 'post' ? withDefaultCategory(site, row) : row.terms
  const published: PostRow = { ...row, status: 'publish', terms }
  site.state.posts.set(row.id, published)
  saveRevision(site, null, published)
  return published
}
