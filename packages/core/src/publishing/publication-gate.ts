import { Igny8Error } from '../errors/igny8-error.ts'
import type { Content } from '../model/content.ts'
import type { Publication } from '../model/publication.ts'
import type { AccountContext, PublicationGate } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'
import { isClose } from './hand-over.ts'
import { dayMs } from './local-date.ts'
import { takeOffQueue } from './queue-changes.ts'
import { seenInContent, settleHandedOver } from './settle-handed-over.ts'
import { isHeldAt, limitReached, openSiteQuotas, tooClose } from './site-quotas.ts'

/** A month, and what a zone may add. */
const longestPeriodMs = 33 * dayMs

/** Who pushes for the scheduler. */
export const schedulerActor = 'scheduler'

/** Makes the gate that every first publication of an account goes through. */
export function createPublicationGate(
  context: Pick<AccountContext, 'accountId' | 'storage' | 'clock' | 'newId' | 'newEvent' | 'timing'>,
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

  /** The unit of what the site is to publish stays at its date. */
  async function sendAhead({ contentId, countedAt }: Publication): Promise<Date> {
    const now = clock.now()
    if (isClose(countedAt, now)) {
      // What was sent before its date has arrived by now, or never will: and the site was just seen not to have it.
      if (now.getTime() >= countedAt.getTime() + context.timing.settleMs) await refused(contentId)
      throw tooLate(contentId)
    }
    await storage.transaction(async (stores) => {
      const current = await stores.publications.find(contentId)
      if (current?.countedAt.getTime() !== countedAt.getTime()) throw notItsTurn(contentId)
      await stores.publications.settle(contentId, 'verifying', countedAt)
    })
    return countedAt
  }

  async function refused(contentId: string): Promise<void> {
    await storage.transaction(async (stores) => {
      const unit = await stores.publications.find(contentId)
      if (unit?.status !== 'verifying') return
      await stores.publications.release(contentId)
      await stores.publications.reserve({ publication: { ...unit, status: 'reserved' }, buckets: [] })
    })
  }

  /** A person does not wait for the site: its date becomes now. */
  async function overtakeSite({ contentId }: Publication): Promise<Date> {
    const now = clock.now()
    await storage.publications.settle(contentId, 'handed-over', now)
    return now
  }

  /** What was just created here or there was not handed over before. */
  async function settleFound(stores: AccountStores, contents: readonly Content[], isTold: boolean): Promise<void> {
    const known = new Map(contents.flatMap((content) => (content.version > 1 ? [[content.id, content]] : [])))
    if (known.size === 0) return
    for (const unit of await stores.publications.findMany([...known.keys()])) {
      const content = known.get(unit.contentId)
      // Seen before the scheduler knew: whatever becomes of the content here, it is out.
      if (unit.status === 'verifying' && content?.status === 'published' && !isTold) {
        await stores.publications.settle(unit.contentId, 'published', unit.countedAt)
        await stores.publicationQueue.remove(unit.contentId)
      }
      if (unit.status !== 'handed-over' || content === undefined || content.removedAt !== null) continue
      await settleHandedOver(context, stores, unit, seenInContent(content), isTold)
    }
  }

  return {
    async sending(contentId, { actor, isResumed, isHandedOver }) {
      const [unit, entry] = [await storage.publications.find(contentId), await storage.publicationQueue.get(contentId)]
      if (unit?.status === 'published') return null
      const isByHand = actor !== schedulerActor && !isResumed && !isHandedOver
      if (unit?.status === 'handed-over') {
        if (isByHand) return overtakeSite(unit)
        throw notItsTurn(contentId)
      }
      if (unit === undefined || (unit.pinned && entry?.pinnedAt != null)) {
        if (actor === schedulerActor || isHandedOver || (isResumed && entry !== undefined)) throw notItsTurn(contentId)
        await countByHand(contentId)
        return null
      }
      if (isHandedOver) return sendAhead(unit)
      // What was claimed to be handed over is not published now by an attempt from before.
      if (isResumed && unit.countedAt > clock.now()) throw notItsTurn(contentId)
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
      return null
    },
    async takingBack(contentId) {
      const status = (await storage.publicationQueue.get(contentId))?.status
      if (status !== 'recalled' && status !== 'withdrawn') throw notItsTurn(contentId)
    },
    async found(stores, contents, { isTold } = { isTold: false }) {
      await settleFound(stores, contents, isTold)
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
    refused,
    revoked: async (stores, contentId) => void (await takeOffQueue(context, stores, contentId, 'not approved')),
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

/** The date has come too close: it is planned anew. */
function tooLate(contentId: string): Igny8Error {
  return new Igny8Error({
    code: 'SYNC_INTERRUPTED',
    message: 'The date of the content came before it was handed over to the site.',
    hint: 'Nothing to do: the scheduler plans it anew.',
    retryable: true,
    details: { contentId },
  })
}

function notItsTurn(contentId: string): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_TRANSITION',
    message: 'The content waits for its turn in the publishing queue.',
    hint: 'Nothing to do: the scheduler publishes it when its time has come.',
    details: { contentId },
  })
}
