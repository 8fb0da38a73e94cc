import { Igny8Error } from '../errors/igny8-error.ts'
import { notFound, versionConflict } from '../errors/not-found.ts'
import type { Content } from '../model/content.ts'
import { isApproved, moveScheduled } from '../model/content-workflow.ts'
import type { Publication, QueueEntry } from '../model/publication.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'
import { keepAsDraft } from './keep-as-draft.ts'

/** Whether a process has taken it up, nobody knows whether it was published, or the site has it and is to publish it. */
export function isUnderWay(unit: Publication | undefined, entry: QueueEntry | undefined): boolean {
  if (unit === undefined || unit.status === 'published') return false
  return unit.status !== 'reserved' || !(unit.pinned && entry?.pinnedAt != null)
}

/** The answer to a content that is not in the queue, known or not. */
export function notQueued(contentId: string): Igny8Error {
  return notFound('queued content', contentId, 'Put it into the queue first: publishing.enqueue({ contentId }).')
}

/** Writes a status of the scheduler's; the version decides. */
export async function moveContent(
  stores: AccountStores,
  content: Content,
  status: Parameters<typeof moveScheduled>[1],
  now: Date,
): Promise<Content> {
  const next = moveScheduled(content, status, now)
  if (next !== content && !(await stores.content.update(next, content.version)))
    throw versionConflict('content', content.id)
  return next
}

/** Replaces an entry. Throws `VERSION_CONFLICT` where it has moved on. */
export async function putEntry(
  stores: AccountStores,
  entry: QueueEntry,
  changes: Partial<QueueEntry>,
  now: Date,
): Promise<QueueEntry> {
  const next = { ...entry, ...changes, version: entry.version + 1, updatedAt: now }
  if (!(await stores.publicationQueue.put(next))) throw versionConflict('queued content', entry.contentId)
  return next
}

/** Puts approved content at the end of its priority in the queue; one that failed there starts anew. */
export async function putInQueue(
  context: AccountContext,
  stores: AccountStores,
  content: Content,
  options: { readonly priority?: number | undefined; readonly actor: string },
): Promise<{ readonly content: Content; readonly entry: QueueEntry }> {
  const now = context.clock.now()
  await assertQueueable(stores, content)
  const standing = await stores.publicationQueue.get(content.id)
  const priority = options.priority ?? standing?.priority ?? 0
  if (standing?.status === 'withdrawn') {
    const entry = await putEntry(stores, standing, { status: 'recalled', priority, pinnedAt: null }, now)
    return { content: await moveContent(stores, content, 'scheduled', now), entry }
  }
  if (standing !== undefined && standing.status !== 'failed')
    return {
      content,
      entry: priority === standing.priority ? standing : await putEntry(stores, standing, { priority }, now),
    }
  const fresh = { status: 'queued', attempts: 0, notBefore: null, lastErrorCode: null, priority } as const
  const base: QueueEntry = standing ?? {
    ...fresh,
    accountId: context.accountId,
    siteId: content.siteId,
    contentId: content.id,
    approvedAt: content.approvedAt ?? now,
    pinnedAt: null,
    version: 0,
    createdAt: now,
    updatedAt: now,
  }
  const entry = await putEntry(stores, base, { ...fresh, approvedAt: content.approvedAt ?? now }, now)
  await stores.outbox.append([context.newEvent('content.scheduled', content.id, { actor: options.actor })])
  return { content: await moveContent(stores, content, 'scheduled', now), entry }
}

/**
 * Takes content off the queue and gives back what was reserved for it; one that is under way stays, and one that was handed over leaves the queue once it is taken back from
 * the site. Returns whether it is off.
 */
export async function takeOffQueue(
  context: Pick<AccountContext, 'clock' | 'newEvent'>,
  stores: AccountStores,
  contentId: string,
  reason: string,
): Promise<boolean> {
  const [entry, unit] = [await stores.publicationQueue.get(contentId), await stores.publications.find(contentId)]
  if (entry === undefined) return false
  if (unit?.status === 'handed-over')
    await putEntry(stores, entry, { status: 'withdrawn', pinnedAt: null, notBefore: null }, context.clock.now())
  if (isUnderWay(unit, entry)) return false
  await stores.publicationQueue.remove(contentId)
  if (unit !== undefined && unit.status !== 'published') await stores.publications.release(contentId)
  if (unit?.status !== 'published') await keepAsDraft(stores, entry, context.clock.now())
  await stores.outbox.append([context.newEvent('content.unscheduled', contentId, { reason })])
  return true
}

async function assertQueueable(stores: AccountStores, content: Content): Promise<void> {
  const { id: contentId, status } = content
  if (content.removedAt === null && !isApproved(content))
    throw new Igny8Error({
      code: 'NOT_APPROVED',
      message: `The content is ${status}; what stands in it now was not approved.`,
      hint: 'Approve it (content.approve) before it is scheduled.',
      details: { contentId, status },
    })
  const unit = await stores.publications.find(contentId)
  const wasPublished = status === 'published' || unit?.status === 'published'
  const isElsewhere = status === 'scheduled' && (await stores.publicationQueue.get(contentId)) === undefined
  if (content.removedAt === null && status !== 'publishing' && !wasPublished && !isElsewhere) return
  throw new Igny8Error({
    code: 'INVALID_TRANSITION',
    message: `Content that is ${content.removedAt === null ? status : 'removed'} cannot be scheduled.`,
    hint: wasPublished
      ? 'It was published before, which the scheduler does once: use content.publish.'
      : 'Read the content to see where it stands; posts that the site itself has scheduled are left to the site.',
    details: { contentId, status },
  })
}
