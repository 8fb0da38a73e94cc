import type { FakeSite } from './fake-site.ts'
import { withDefaultCategory } from './save-post.ts'
import { never } from './site-state.ts'

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
      const terms = row.type === 'post' ? withDefaultCategory(site, row) : row.terms
      state.posts.set(row.id, { ...row, status: 'publish', terms })
    }
  }
}
