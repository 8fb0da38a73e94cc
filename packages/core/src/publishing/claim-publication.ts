import { isApproved } from '../model/content-workflow.ts'
import type { QueueEntry } from '../model/publication.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { ReserveOutcome } from '../ports/publishing-stores.ts'
import { isUnderWay, moveContent, putEntry, takeOffQueue } from './queue-changes.ts'
import { isHeldAt, openSiteQuotas } from './site-quotas.ts'

/** What became of an attempt to take up an entry. `moved`: somebody else was faster. `dropped`: there is nothing to publish any more. */
export type Claim =
  | { readonly kind: 'claimed'; readonly entry: QueueEntry }
  /** `close`: another one is closer than the gap by now. */
  | { readonly kind: 'moved' | 'dropped' | 'close' }
  | { readonly kind: 'full'; readonly full: Extract<ReserveOutcome, { kind: 'full' }> }

/** What is to be taken up, as it was planned. */
export interface DuePublication {
  readonly entry: QueueEntry
  readonly at: Date
  /** It goes to the site now, with `at` as its date. @default false */
  readonly isHandedOver?: boolean
}

/**
 * Takes up an entry as it was planned, in one transaction: its unit of quota in the buckets of now, its distance to all others, the entry by its version, the content's
 * status. Two processes never both have it, nor two of them that are closer than the gap.
 */
export async function claimPublication(context: AccountContext, due: DuePublication): Promise<Claim> {
  const { storage, clock, accountId } = context
  const { contentId, siteId, version } = due.entry
  const quotas = await openSiteQuotas(storage, accountId, siteId)
  return storage.transaction(async (stores): Promise<Claim> => {
    const now = clock.now()
    const entry = await stores.publicationQueue.get(contentId)
    if (entry === undefined || entry.version !== version) return { kind: 'moved' }
    const unit = await stores.publications.find(contentId)
    if (isUnderWay(unit, entry)) return { kind: 'moved' }
    const content = await stores.content.get(contentId)
    if (content === undefined || content.removedAt !== null || !isApproved(content) || content.status === 'published') {
      await takeOffQueue(context, stores, contentId, content?.status === 'published' ? 'published' : 'not approved')
      if (content?.status === 'scheduled') await moveContent(stores, content, 'review', now)
      return { kind: 'dropped' }
    }
    await quotas.assertCurrent(stores)
    const countedAt = due.isHandedOver === true ? due.at : quotas.countedAt(due.at, now)
    const forcedReason = unit?.forcedReason ?? undefined
    // Where a person set it, it goes, whatever the gap.
    const isFree = forcedReason !== undefined || entry.pinnedAt?.getTime() === due.at.getTime()
    if (!isFree && (await quotas.findWithinGap(stores, { contentId, countedAt })) !== undefined)
      return { kind: 'close' }
    if (unit !== undefined) await stores.publications.release(contentId)
    const buckets = quotas.bucketsAt(countedAt)
    const publication = {
      ...(unit ?? { id: context.newId(), accountId, siteId, contentId, forcedReason: null, createdAt: now }),
      status: 'reserved',
      countedAt,
      pinned: false,
      updatedAt: now,
    } as const
    const outcome = await stores.publications.reserve({
      publication,
      // A pin keeps the room that it reserved, whoever was forced in since.
      buckets: unit !== undefined && isHeldAt(buckets, unit) ? [] : buckets,
      ...(forcedReason === undefined ? {} : { forcedReason }),
    })
    if (outcome.kind === 'full') {
      if (unit !== undefined) await stores.publications.reserve({ publication: unit, buckets: [] })
      return { kind: 'full', full: outcome }
    }
    await moveContent(stores, content, 'publishing', now)
    return { kind: 'claimed', entry: await putEntry(stores, entry, { attempts: entry.attempts + 1 }, now) }
  })
}
