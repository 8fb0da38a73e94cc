import { createFakeWordPress, type FakeWordPress } from '@igny8-tools/fake-wordpress'
import { serveFakeWordPress } from '@igny8-tools/fake-wordpress/serve'
import type { SiteSnapshot } from '@igny8-tools/wordpress'

/** Where in the life of a request something is to happen. */
export type RequestMoment = 'before' | 'unanswered' | 'answered'

/** A WordPress that outlives the workers, and knows when they ask. */
export interface WatchedSite {
  readonly site: FakeWordPress
  readonly url: string
  /** Calls `act` at the given moment of the request that is `number` requests away, once; a later call replaces an earlier one. */
  atRequest(number: number, moment: RequestMoment, act: () => void): void
  /** Writes so far. */
  readonly writes: () => number
  snapshot(): SiteSnapshot
  stop(): Promise<void>
}

export async function startWatchedSite(): Promise<WatchedSite> {
  const site = createFakeWordPress({ clock: { now: () => new Date() }, starterContent: false })
  let planned: { number: number; readonly moment: RequestMoment; readonly act: () => void } | undefined
  let writes = 0
  const watched: FakeWordPress = {
    ...site,
    get url() {
      return site.url
    },
    handle(request) {
      const due = planned !== undefined && --planned.number <= 0 ? planned : undefined
      if (due !== undefined) planned = undefined
      if (due?.moment === 'before') {
        due.act()
        // What was killed before it could send sends nothing.
        return { status: 503, headers: {}, body: new Uint8Array() }
      }
      if (request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'OPTIONS') writes++
      const response = site.handle(request)
      if (due?.moment === 'unanswered') due.act()
      if (due?.moment === 'answered') setImmediate(due.act)
      return response
    },
  }
  const served = await serveFakeWordPress(watched)
  return {
    site,
    url: served.url,
    atRequest(number, moment, act) {
      planned = { number, moment, act }
    },
    writes: () => writes,
    snapshot: () => ({
      posts: [...site.state.posts.values()].map((post) => ({
        ...post,
        thumbnailId: post.featuredMediaId === 0 ? null : post.featuredMediaId,
        terms: [],
        meta: {},
        revisionCount: site.state.revisions.get(post.id)?.length ?? 0,
      })),
      attachments: [],
      terms: [],
    }),
    stop: () => served.stop(),
  }
}
