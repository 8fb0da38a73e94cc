import type { PushIntent } from '../model/push-intent.ts'
import { withItemLease } from './item-lease.ts'
import { type PushResult, pushContent } from './push-content.ts'
import type { SyncContext } from './sync-context.ts'

/** Pushes one content alone. */
export function pushUnderLease(sync: SyncContext, contentId: string, as: PushIntent['as']): Promise<PushResult> {
  return withItemLease(sync, contentId, (held) => pushContent(held, contentId, as))
}
