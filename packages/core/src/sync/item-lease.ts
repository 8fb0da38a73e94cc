import { Igny8Error } from '../errors/igny8-error.ts'
import type { SyncContext } from './sync-context.ts'
import { withLease } from './with-lease.ts'

/** The lease under which an item is pushed to a site. */
export function pushLeaseKey(integrationId: string, contentId: string): string {
  return `push:${integrationId}:${contentId}`
}

/** Works on one content alone: two writes of the same item to the same site never run at once. Throws `SYNC_RUNNING`. */
export function withItemLease<Result>(
  sync: SyncContext,
  contentId: string,
  work: (held: SyncContext) => Promise<Result>,
): Promise<Result> {
  const busy = () =>
    new Igny8Error({
      code: 'SYNC_RUNNING',
      message: 'This content is being pushed already.',
      hint: 'Wait for that push to end.',
      retryable: true,
      details: { contentId },
    })
  return withLease(sync.account, pushLeaseKey(sync.integration.id, contentId), sync.signal, busy, ({ signal, guard }) =>
    work({ ...sync, signal, guard }),
  )
}
