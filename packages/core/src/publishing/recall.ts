import { Igny8Error } from '../errors/igny8-error.ts'
import type { Publication, QueueEntry } from '../model/publication.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'
import { isImminent } from './hand-over.ts'
import { putEntry } from './queue-changes.ts'
import { limitReached, openSiteQuotas, type SiteQuotas } from './site-quotas.ts'

/** What a person wants with something that the site has: another time, another place in the plan, or that it is not published at all. */
export interface Recall {
  readonly to: 'plan' | 'nowhere' | Date
  /** Goes past a full limit. */
  readonly forcedReason?: string | undefined
}

/** The unit of what was handed over to the site; `undefined` for all else. */
export async function findHandedOver(stores: AccountStores, contentId: string): Promise<Publication | undefined> {
  const unit = await stores.publications.find(contentId)
  return unit?.status === 'handed-over' ? unit : undefined
}

/**
 * Writes down that a content is to be taken back from the site, before anybody asks the site: the scheduler goes on with it, should this process not. Until the site
 * has given it up, it is counted at the date that it has there. Throws `PUBLISH_LIMIT_REACHED` where another time has no room, and `INVALID_TRANSITION` right before and after its date.
 */
export async function recall(context: AccountContext, contentId: string, recalled: Recall): Promise<void> {
  const { storage, clock, accountId } = context
  const unit = await findHandedOver(storage, contentId)
  if (unit === undefined) throw notWithSite(contentId)
  const quotas = await openSiteQuotas(storage, accountId, unit.siteId)
  await storage.transaction(async (stores) => {
    const now = clock.now()
    const [standing, entry] = [await findHandedOver(stores, contentId), await stores.publicationQueue.get(contentId)]
    if (standing === undefined || entry === undefined || isImminent(standing.countedAt, now))
      throw notWithSite(contentId)
    const pinnedAt = recalled.to instanceof Date ? new Date(Math.max(recalled.to.getTime(), now.getTime())) : null
    if (pinnedAt !== null && recalled.to instanceof Date)
      await assertRoom(stores, quotas, { unit: standing, at: pinnedAt, forcedReason: recalled.forcedReason })
    const status: QueueEntry['status'] = recalled.to === 'nowhere' ? 'withdrawn' : 'recalled'
    await putEntry(stores, entry, { status, pinnedAt, notBefore: null, attempts: 0 }, now)
  })
}

/** Throws `PUBLISH_LIMIT_REACHED` where a unit had no room at another instant; a reason goes past that and is recorded. */
async function assertRoom(
  stores: AccountStores,
  quotas: SiteQuotas,
  {
    unit,
    at,
    forcedReason,
  }: { readonly unit: Publication; readonly at: Date; readonly forcedReason: string | undefined },
): Promise<void> {
  await quotas.assertCurrent(stores)
  await stores.publications.release(unit.contentId)
  const outcome = await stores.publications.reserve({
    publication: { ...unit, countedAt: at },
    buckets: quotas.bucketsAt(at),
    ...(forcedReason === undefined ? {} : { forcedReason }),
  })
  if (outcome.kind === 'full') throw limitReached(unit.contentId, outcome)
  await stores.publications.release(unit.contentId)
  await stores.publications.reserve({ publication: { ...outcome.publication, countedAt: unit.countedAt }, buckets: [] })
}

function notWithSite(contentId: string): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_TRANSITION',
    message: 'The site is about to publish the content, or has just done so.',
    hint: 'Wait until its outcome is known, then unpublish it if it is not wanted.',
    details: { contentId },
  })
}
