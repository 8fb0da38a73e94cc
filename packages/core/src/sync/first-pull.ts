import type { PullState } from '../model/pull-state.ts'
import type { PlatformPull } from '../ports/platform-pull.ts'
import { commitItems } from './commit-items.ts'
import { walkByExternalId } from './overlapping-pages.ts'
import type { SyncContext } from './sync-context.ts'

/**
 * Pages asked for beside the next one. Two under way keep a server of two cores busy; a third waits for its turn at the host's queue, so that it leaves as soon as one
 * is answered: measured on WordPress, a single one was under way for 7 % of the time instead of 15 %.
 */
export const pagesAhead = 2

/** Brings every item of a type here, by ascending id. The mark is the server's time before the first page: what is edited meanwhile comes again later. */
export async function pullFirst(sync: SyncContext, pull: PlatformPull, standing: PullState): Promise<PullState> {
  const { scope: type } = standing
  const limit = pull.maxPageSize
  let state = standing
  const walk = walkByExternalId({
    type,
    from: standing.firstPullOffset ?? 0,
    limit,
    ahead: pagesAhead,
    signal: sync.signal,
    now: () => sync.account.clock.now(),
    read: (offset) => pull.listByExternalId({ type, offset, limit }, { signal: sync.signal }),
  })
  let announced = false
  for await (const { page, rows, readAt, next } of walk) {
    if (!announced) await sync.progress.phase(`content:${type}`, page.total)
    announced = true
    const { rejected, serverTime } = page
    const mark = state.mark ?? serverTime
    // The zone in which the mark was made: one that changed since hides edits from it.
    const timezone = state.timezone ?? sync.structure.timezone
    state = await commitItems(
      sync,
      state,
      { rows, rejected, serverTime, readAt },
      { firstPullOffset: next, mark, timezone },
    )
  }
  return state
}
