import type { Content } from '../model/content.ts'
import { isApproved } from '../model/content-workflow.ts'
import type { Publication, QueueEntry } from '../model/publication.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'
import { moveContent, putEntry } from './queue-changes.ts'
import { openSiteQuotas } from './site-quotas.ts'

/** What the site was seen to hold of a content that was handed over to it. `gone`: it is not to publish it any more. `unknown` proves nothing. */
export interface SeenOnSite {
  readonly state: 'published' | 'scheduled' | 'gone' | 'unknown'
  /** Its instant of publication there, past or future. */
  readonly at: Date | null
}

type SettleContext = Pick<AccountContext, 'accountId' | 'clock' | 'newId' | 'newEvent'>

/** What a content that was just written says of the site. */
export function seenInContent({ status, publishedAt }: Content): SeenOnSite {
  if (status === 'published' || status === 'scheduled') return { state: status, at: publishedAt }
  return { state: 'gone', at: null }
}

/**
 * Settles what was handed over by what the site was seen to hold, in the caller's transaction: what it published is counted at its own instant; a date that somebody has moved
 * there is taken over, past limits, as it stands already; what it holds no more is given back, and leaves the queue unless it was recalled to be planned anew.
 *
 * Returns whether it is with the site no longer.
 */
export async function settleHandedOver(
  context: SettleContext,
  stores: AccountStores,
  unit: Publication,
  seen: SeenOnSite,
  isTold = false,
): Promise<boolean> {
  const { contentId, countedAt } = unit
  const now = context.clock.now()
  if (seen.state === 'unknown') return false
  if (seen.state === 'scheduled') {
    if (seen.at !== null && seen.at.getTime() !== countedAt.getTime()) await takeOver(stores, contentId, seen.at, now)
    return false
  }
  if (seen.state === 'published') {
    const at = seen.at !== null && seen.at < now ? seen.at : now
    await stores.publications.settle(contentId, 'published', at)
    await stores.publicationQueue.remove(contentId)
    if (!isTold) await stores.outbox.append([context.newEvent('content.published', contentId, { by: 'site' })])
    return true
  }
  await stores.publications.release(contentId)
  const entry = await stores.publicationQueue.get(contentId)
  const content = await stores.content.get(contentId)
  if (entry?.status === 'recalled' && content !== undefined && content.removedAt === null && isApproved(content))
    await planAnew(context, stores, { entry, content, unit })
  else {
    await stores.publicationQueue.remove(contentId)
    if (entry !== undefined)
      await stores.outbox.append([context.newEvent('content.unscheduled', contentId, { reason: 'not on the site' })])
  }
  return true
}

/** A date that somebody has set on the site: as a pin of theirs it stays where days and slots would not have it. */
async function takeOver(stores: AccountStores, contentId: string, at: Date, now: Date): Promise<void> {
  await stores.publications.settle(contentId, 'handed-over', at)
  const entry = await stores.publicationQueue.get(contentId)
  if (entry?.status === 'queued') await putEntry(stores, entry, { pinnedAt: at }, now)
}

/** Back in the queue as if it had never left it; a pin reserves its quota again, where there is room. */
async function planAnew(
  context: SettleContext,
  stores: AccountStores,
  { entry, content, unit }: { readonly entry: QueueEntry; readonly content: Content; readonly unit: Publication },
): Promise<void> {
  const now = context.clock.now()
  const fresh = { status: 'queued', attempts: 0, notBefore: null, lastErrorCode: null } as const
  await putEntry(stores, entry, fresh, now)
  await moveContent(stores, content, 'scheduled', now)
  if (entry.pinnedAt === null) return
  const { bucketsAt } = await openSiteQuotas(stores, context.accountId, entry.siteId)
  const { forcedReason } = unit
  await stores.publications.reserve({
    publication: { ...unit, id: context.newId(), status: 'reserved', countedAt: entry.pinnedAt, pinned: true },
    buckets: bucketsAt(entry.pinnedAt),
    ...(forcedReason === null ? {} : { forcedReason }),
  })
}
