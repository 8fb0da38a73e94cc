import { Igny8Error } from '../errors/igny8-error.ts'
import type { SyncContext } from './sync-context.ts'
import { leaseLost } from './with-lease.ts'

/** For how long what was read of an item may be written over: until then somebody's edit of what has no revisions would be lost. */
const freshMs = 10_000
/** How often a push looks at the item. Where the site is too slow for all of them, the last one holds. */
export const mostLooks = 3

/** What was read of an item, and whether it is new enough to be written over. */
export interface Look {
  /** It was just read. */
  begin(): void
  /** A write leaves, and may have waited for its turn, or for the time that a busy site asked for. Throws where it has to look again; nothing was sent then. */
  leave(): void
  /** Whether that is why nothing was sent. */
  readonly isStale: () => boolean
}

export function createLook({ account: { clock } }: SyncContext, isLast: boolean): Look {
  let readAt = Number.POSITIVE_INFINITY
  let isStale = false
  return {
    begin() {
      readAt = clock.now().getTime()
    },
    leave() {
      isStale = !isLast && clock.now().getTime() - readAt > freshMs
      if (isStale) throw sentLate()
    },
    isStale: () => isStale,
  }
}

/** Nothing was sent. */
export function sentLate(): Igny8Error {
  const { code, message, hint } = leaseLost()
  return new Igny8Error({ code, message, hint, retryable: true, effect: 'none' })
}
