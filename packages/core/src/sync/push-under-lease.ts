import { Igny8Error } from '../errors/igny8-error.ts'
import { type PushResult, pushContent } from './push-content.ts'
import type { SyncContext } from './sync-context.ts'
import { withLease } from './with-lease.ts'

/** Pushes one content alone. */
export function pushUnderLease(sync: SyncContext, contentId: string, as: 'publish' | 'draft'): Promise<PushResult> {
  return withItemLease(sync, contentId, (held) => pushContent(held, contentId, as))
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
  const key = `push:${sync.integration.id}:${contentId}`
  return withLease(sync.account, key, sync.signal, busy, ({ signal, guard }) => work({ ...sync, signal, guard }))
}
