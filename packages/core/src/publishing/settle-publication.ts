import type { Igny8Error } from '../errors/igny8-error.ts'
import type { Content } from '../model/content.ts'
import { isApproved } from '../model/content-workflow.ts'
import type { Publication, QueueEntry } from '../model/publication.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'
import { keepAsDraft } from './keep-as-draft.ts'
import { dayMs, minuteMs } from './local-date.ts'
import { moveContent, putEntry } from './queue-changes.ts'

/** What became of an item of the queue that was taken up. */
export type Settled = 'published' | 'handed-over' | 'retrying' | 'verifying' | 'failed' | 'paused' | 'dropped' | 'moved'

/** How a failure concerns the queue. */
type Failure = 'site' | 'stopped' | 'transient' | 'permanent'

/** What would not go better with the next item of the site. */
const siteCodes = new Set<string>([
  'AUTH_FAILED',
  'INTEGRATION_INACTIVE',
  'INTEGRATION_PAUSED',
  'SECRET_UNREADABLE',
  'PLATFORM_NOT_INSTALLED',
  'HOST_NOT_FOUND',
  'CONNECTION_FAILED',
  'TLS_FAILED',
  'OUTBOUND_REFUSED',
])
const stoppedCodes = new Set<string>(['CANCELLED', 'STOPPED', 'LEASE_LOST', 'SYNC_RUNNING'])
const pauseMs = 5 * minuteMs
const mostAttempts = 8

function classify({ code, retryable }: Igny8Error): Failure {
  if (siteCodes.has(code)) return 'site'
  if (stoppedCodes.has(code)) return 'stopped'
  return retryable || code === 'STORAGE_FAILED' || code === 'PUBLISH_LIMIT_REACHED' ? 'transient' : 'permanent'
}

/** Whether an entry holds its whole site up: until its `notBefore`. */
export function pausesSite({ lastErrorCode, notBefore }: QueueEntry, now: Date): boolean {
  return lastErrorCode !== null && siteCodes.has(lastErrorCode) && notBefore !== null && notBefore > now
}

function backoffMs(attempts: number): number {
  return Math.min(minuteMs * 2 ** Math.max(attempts - 1, 0), 60 * minuteMs)
}

/**
 * Settles an item that was taken up, in one transaction: by what the content says, else by the failure. Where the final status was sent and nobody knows whether it arrived,
 * the quota is held. An entry that has moved on since is left alone.
 */
export async function settlePublication(
  context: AccountContext,
  claimed: QueueEntry,
  error: Igny8Error | undefined,
  /** Proven by a look at the site: what is not live was not published. */
  isKnown = false,
): Promise<Settled> {
  const { contentId } = claimed
  const settled = await context.storage.transaction(async (stores): Promise<Settled> => {
    const now = context.clock.now()
    const [entry, unit, content] = [
      await stores.publicationQueue.get(contentId),
      await stores.publications.find(contentId),
      await stores.content.get(contentId),
    ]
    if (entry === undefined || unit === undefined || entry.version !== claimed.version) return 'moved'
    if (content === undefined) return drop(stores, entry, now)
    if (content.status === 'scheduled')
      return leaveToSite(context, stores, { entry, unit, content, at: content.publishedAt ?? unit.countedAt })
    if (content.status === 'published') {
      await stores.publicationQueue.remove(contentId)
      await stores.publications.settle(contentId, 'published', unit.countedAt)
      return 'published'
    }
    if (!isKnown && (unit.status === 'verifying' || error?.effect === 'unknown')) {
      await stores.publications.settle(contentId, 'verifying', unit.countedAt)
      const notBefore = nextLook(
        entry,
        now,
        Math.max(context.timing.settleMs, now.getTime() - unit.countedAt.getTime()),
      )
      await putEntry(stores, entry, { lastErrorCode: error?.code ?? entry.lastErrorCode, notBefore }, now)
      return 'verifying'
    }
    if (!isWanted(content)) {
      const revoked = content.status === 'publishing' ? await moveContent(stores, content, 'review', now) : content
      // What stands here does not say any more whether the site has its date: it is taken back where it has.
      if (unit.status === 'verifying' && unit.countedAt > now)
        return leaveToSite(context, stores, { entry, unit, content: revoked, at: unit.countedAt })
      return drop(stores, entry, now)
    }
    const code = error?.code ?? 'SYNC_INTERRUPTED'
    const failure = error === undefined ? 'stopped' : classify(error)
    if (failure === 'permanent' || (failure === 'transient' && entry.attempts >= mostAttempts)) {
      await stores.publications.release(contentId)
      await moveContent(stores, content, 'failed', now)
      await putEntry(stores, entry, { status: 'failed', pinnedAt: null, notBefore: null, lastErrorCode: code }, now)
      const data = { code, message: error?.message ?? null, attempts: entry.attempts }
      await stores.outbox.append([context.newEvent('content.publish_failed', contentId, data)])
      return 'failed'
    }
    await giveBack(stores, entry, unit)
    await moveContent(stores, content, 'scheduled', now)
    // What somebody else stopped is no attempt, and neither is a site that is down.
    const attempts = failure === 'transient' ? entry.attempts : entry.attempts - 1
    const waitMs =
      failure === 'site' ? pauseMs : failure === 'stopped' ? (error === undefined ? 0 : minuteMs) : backoffMs(attempts)
    const notBefore = new Date(now.getTime() + Math.min(Math.max(waitMs, error?.retryAfterMs ?? 0), dayMs))
    // What was to be handed over is not late: it keeps its place in the plan, and is handed over when the pause is over.
    const status = unit.countedAt > now ? 'queued' : 'retrying'
    await putEntry(stores, entry, { status, attempts, notBefore, lastErrorCode: code }, now)
    if (failure === 'site') {
      const data = { code, message: error?.message ?? null, until: notBefore.toISOString() }
      if (claimed.lastErrorCode !== code)
        await stores.outbox.append([context.newEvent('publishing.paused', entry.siteId, data)])
      return 'paused'
    }
    return 'retrying'
  })
  context.committed()
  return settled
}

/** Whether it is to be public at all. */
export function isWanted(content: Content): boolean {
  return content.removedAt === null && isApproved(content)
}

/** When to look again at what the site may hold: after twice as long as the last time, an hour at most. */
export function nextLook({ notBefore, updatedAt }: QueueEntry, now: Date, leastMs: number): Date {
  const lastMs = (notBefore?.getTime() ?? 0) - updatedAt.getTime()
  return new Date(now.getTime() + Math.min(Math.max(leastMs, 2 * lastMs), 60 * minuteMs))
}

/** The site has it with a date, be it ours or theirs, and publishes it by itself. What nobody wants any more is taken back. */
async function leaveToSite(
  context: AccountContext,
  stores: AccountStores,
  given: { readonly entry: QueueEntry; readonly unit: Publication; readonly content: Content; readonly at: Date },
): Promise<Settled> {
  const { entry, unit, content, at } = given
  await stores.publications.settle(unit.contentId, 'handed-over', at)
  const status = isWanted(content) ? 'queued' : 'withdrawn'
  const fresh = { status, attempts: 0, notBefore: null, lastErrorCode: null } as const
  await putEntry(stores, entry, fresh, context.clock.now())
  await stores.outbox.append([context.newEvent('content.handed_over', unit.contentId, { at: at.toISOString() })])
  return 'handed-over'
}

/** A pin keeps what was reserved when it was set. */
async function giveBack(stores: AccountStores, entry: QueueEntry, unit: Publication): Promise<void> {
  await stores.publications.release(unit.contentId)
  if (entry.pinnedAt === null) return
  await stores.publications.reserve({ publication: { ...unit, status: 'reserved', pinned: true }, buckets: [] })
}

async function drop(stores: AccountStores, entry: QueueEntry, now: Date): Promise<Settled> {
  await stores.publicationQueue.remove(entry.contentId)
  await stores.publications.release(entry.contentId)
  await keepAsDraft(stores, entry, now)
  return 'dropped'
}
