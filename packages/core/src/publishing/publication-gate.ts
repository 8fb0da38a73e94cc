import { Igny8Error } from '../errors/igny8-error.ts'
import type { Publication } from '../model/publication.ts'
import type { AccountContext, PublicationGate } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'
import { dayMs } from './local-date.ts'
import { isHeldAt, limitReached, openSiteQuotas, tooClose } from './site-quotas.ts'

/** A month, and what a zone may add. */
const longestPeriodMs = 33 * dayMs

/** Who pushes for the scheduler. */
export const schedulerActor = 'scheduler'

/** Makes the gate that every first publication of an account goes through. */
export function createPublicationGate(
  context: Pick<AccountContext, 'accountId' | 'storage' | 'clock' | 'newId'>,
): PublicationGate {
  const { storage, clock, accountId } = context

  /** Counts a publication by hand where the site's settings say so; a person is not held up by limits, but counted. */
  async function countByHand(contentId: string): Promise<void> {
    const content = await storage.content.get(contentId)
    if (content === undefined || content.publishedAt !== null) return
    const { settings } = await openSiteQuotas(storage, accountId, content.siteId)
    if (settings.count === 'scheduler') return
    const now = clock.now()
    const row = { id: context.newId(), accountId, siteId: content.siteId, contentId, pinned: false } as const
    const rest = { forcedReason: null, countedAt: now, createdAt: now, updatedAt: now } as const
    await storage.transaction(async (stores) => {
      await stores.publications.reserve({ publication: { ...row, ...rest, status: 'reserved' }, buckets: [] })
      await stores.publications.settle(contentId, 'published', now)
    })
  }

  return {
    async sending(contentId, { actor, isResumed }) {
      const [unit, entry] = [await storage.publications.find(contentId), await storage.publicationQueue.get(contentId)]
      if (unit?.status === 'published') return
      if (unit === undefined || (unit.pinned && entry?.pinnedAt != null)) {
        if (actor === schedulerActor || (isResumed && entry !== undefined)) throw notItsTurn(contentId)
        return countByHand(contentId)
      }
      const quotas = await openSiteQuotas(storage, accountId, unit.siteId)
      const at = quotas.countedAt(unit.countedAt, clock.now())
      const isSame = isHeldAt(quotas.bucketsAt(at), unit)
      const keepsGap = at > unit.countedAt && entry?.pinnedAt == null && unit.forcedReason === null
      await storage.transaction(async (stores) => {
        const current = await stores.publications.find(contentId)
        if (current === undefined) throw notItsTurn(contentId)
        const otherId = keepsGap ? await quotas.findWithinGap(stores, { contentId, countedAt: at }) : undefined
        if (otherId !== undefined) throw tooClose(contentId, otherId, quotas.settings.minGapMinutes)
        if (!isSame) await moveUnit(stores, current, at, quotas)
        await stores.publications.settle(contentId, 'verifying', at)
      })
    },
    async found(stores, contents) {
      const now = clock.now()
      const since = now.getTime() - longestPeriodMs
      const recent = contents.filter(
        ({ status, publishedAt }) => status === 'published' && publishedAt !== null && publishedAt.getTime() >= since,
      )
      for (const [siteId, found] of Map.groupBy(recent, (content) => content.siteId)) {
        if ((await stores.publishingSettings.get(siteId))?.count !== 'site') continue
        const { bucketsAt } = await openSiteQuotas(stores, accountId, siteId)
        for (const { id: contentId, publishedAt } of found) {
          const countedAt = publishedAt !== null && publishedAt < now ? publishedAt : now
          // A unit of a month and a week that are over limits nothing any more.
          if (bucketsAt(now).every(({ from }) => countedAt < from)) continue
          const row = { id: context.newId(), accountId, siteId, contentId, pinned: false, forcedReason: null } as const
          const publication = { ...row, status: 'published', countedAt, createdAt: now, updatedAt: now } as const
          await stores.publications.reserve({ publication, buckets: [] })
        }
      }
    },
    async refused(contentId) {
      await storage.transaction(async (stores) => {
        const unit = await stores.publications.find(contentId)
        if (unit?.status !== 'verifying') return
        await stores.publications.release(contentId)
        await stores.publications.reserve({ publication: { ...unit, status: 'reserved' }, buckets: [] })
      })
    },
  }
}

/** The period that it was reserved in is over: it is released and reserved anew. */
async function moveUnit(
  stores: AccountStores,
  unit: Publication,
  now: Date,
  quotas: Awaited<ReturnType<typeof openSiteQuotas>>,
): Promise<void> {
  await quotas.assertCurrent(stores)
  await stores.publications.release(unit.contentId)
  const outcome = await stores.publications.reserve({
    publication: { ...unit, status: 'reserved', countedAt: now, updatedAt: now },
    buckets: quotas.bucketsAt(now),
    ...(unit.forcedReason === null ? {} : { forcedReason: unit.forcedReason }),
  })
  if (outcome.kind === 'full') throw limitReached(unit.contentId, outcome)
}

function notItsTurn(contentId: string): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_TRANSITION',
    message: 'The content waits for its turn in the publishing queue.',
    hint: 'Nothing to do: the scheduler publishes it when its time has come.',
    details: { contentId },
  })
}
