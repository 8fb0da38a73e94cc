import { Igny8Error } from '../errors/igny8-error.ts'
import { notFound } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { Content } from '../model/content.ts'
import { isApproved } from '../model/content-workflow.ts'
import type { QueueEntry } from '../model/publication.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Page } from '../ports/page.ts'
import type { AccountStores } from '../ports/storage.ts'
import { type PublishParts, publishDue, publishOne, type TickReport } from './publish-due.ts'
import { siteIdSchema } from './publishing-settings-schemas.ts'
import { isUnderWay, moveContent, notQueued, putEntry, putInQueue, takeOffQueue } from './queue-changes.ts'
import {
  type EnqueueInput,
  enqueueSchema,
  type PinInput,
  type PublishNowInput,
  pinSchema,
  publishNowSchema,
  type QueuedContentInput,
  type QueueInput,
  queuedContentSchema,
  queueSchema,
  type RescheduleInput,
  rescheduleSchema,
  type SetPriorityInput,
  setPrioritySchema,
} from './queue-schemas.ts'
import { findHandedOver, type Recall, recall } from './recall.ts'
import type { Settled } from './settle-publication.ts'
import { limitReached, openSiteQuotas } from './site-quotas.ts'

/** The publishing queue of one account. Every change is one transaction. */
export interface QueueApi {
  /** Queues approved content, whatever its origin; it is published where the plan puts it. Throws `NOT_APPROVED`, `INVALID_TRANSITION`. */
  enqueue(input: EnqueueInput): Promise<QueueEntry>
  /**
   * Publishes at an instant, past days and slots, queued or not; its quota is reserved now. Throws `PUBLISH_LIMIT_REACHED`, naming the limit, unless `force` gives a reason.
   * An instant that has passed is now. What the site has already is taken back from it first, and goes at the new instant: where the site does not answer, that throws, and the scheduler
   * goes on trying.
   */
  pin(input: PinInput): Promise<QueueEntry>
  /** Moves queued content to another instant, or with `null` back to where the plan puts it. Throws as `pin` does. */
  reschedule(input: RescheduleInput): Promise<QueueEntry>
  /**
   * Publishes at once. Where the site counts what the scheduler publishes only, it costs no quota, leaves the queue, and a failure throws. Otherwise it is a pin of now:
   * `PUBLISH_LIMIT_REACHED` without `force`, and `outcome` says what became of it.
   */
  publishNow(input: PublishNowInput): Promise<{ readonly content: Content; readonly outcome: Settled }>
  /**
   * Takes content off the queue, approved as it was. Throws `INVALID_TRANSITION` while it is being published. What the site has already is taken back from it: where the
   * site does not answer, that throws, and the scheduler goes on trying.
   */
  unschedule(input: QueuedContentInput): Promise<Content>
  /** Gives failed content, or content that pauses its site, another try. */
  requeue(input: QueuedContentInput): Promise<QueueEntry>
  /** Higher goes first. */
  setPriority(input: SetPriorityInput): Promise<QueueEntry>
  /** In the order in which they are planned. */
  queue(input: QueueInput): Promise<Page<QueueEntry>>
  /** Publishes now what is due on a site, as the background does by itself. */
  tick(siteId: string): Promise<TickReport>
}

/** Makes the queue's part of the publishing API. */
export function createQueueApi(context: AccountContext, parts: PublishParts): QueueApi {
  const { storage, clock, accountId } = context

  async function load(stores: AccountStores, contentId: string): Promise<Content> {
    const content = await stores.content.get(contentId)
    if (content === undefined) throw notFound('content', contentId)
    return content
  }

  async function loadEntry(stores: AccountStores, contentId: string): Promise<QueueEntry> {
    const entry = await stores.publicationQueue.get(contentId)
    const unit = await stores.publications.find(contentId)
    // What is out waits for nothing, also where the scheduler has not yet seen to its entry.
    if (entry === undefined || unit?.status === 'published') throw notQueued(contentId)
    if (unit?.status !== 'handed-over' && isUnderWay(unit, entry)) throw underWay(contentId)
    return entry
  }

  async function change<Result>(work: (stores: AccountStores) => Promise<Result>): Promise<Result> {
    const result = await storage.transaction(work)
    context.committed()
    return result
  }

  /** Has the site give up what it has; what it says is settled with what is stored. */
  async function takeBack(contentId: string, actor: string, recalled: Recall): Promise<void> {
    await recall(context, contentId, recalled)
    context.committed()
    await parts.takeBack(contentId, actor, parts.signal)
  }

  const isHandedOver = async (contentId: string) => (await findHandedOver(storage, contentId)) !== undefined

  async function pin(input: ReturnType<typeof pinSchema.parse>): Promise<QueueEntry> {
    const { contentId, force, actor } = input
    if (await isHandedOver(contentId)) {
      await takeBack(contentId, actor, { to: input.at, forcedReason: force?.reason })
      return loadEntry(storage, contentId)
    }
    const quotas = await openSiteQuotas(storage, accountId, (await load(storage, contentId)).siteId)
    return change(async (stores) => {
      const now = clock.now()
      const at = input.at < now ? now : input.at
      const queued = await putInQueue(context, stores, await load(stores, contentId), { actor })
      const entry = await loadEntry(stores, contentId)
      await quotas.assertCurrent(stores)
      await stores.publications.release(contentId)
      const publication = {
        id: context.newId(),
        accountId,
        siteId: queued.content.siteId,
        contentId,
        status: 'reserved',
        countedAt: at,
        pinned: true,
        forcedReason: null,
        createdAt: now,
        updatedAt: now,
      } as const
      const forcedReason = force === undefined ? {} : { forcedReason: force.reason }
      const outcome = await stores.publications.reserve({ publication, buckets: quotas.bucketsAt(at), ...forcedReason })
      if (outcome.kind === 'full') throw limitReached(contentId, outcome)
      return putEntry(stores, entry, { pinnedAt: at, notBefore: null, status: 'queued' }, now)
    })
  }

  return {
    async enqueue(input) {
      const { contentId, ...options } = parseInput(enqueueSchema, input)
      return change(async (stores) => (await putInQueue(context, stores, await load(stores, contentId), options)).entry)
    },
    pin: async (input) => pin(parseInput(pinSchema, input)),
    async reschedule(input) {
      const { at, ...rest } = parseInput(rescheduleSchema, input)
      await loadEntry(storage, rest.contentId)
      if (at !== null) return pin({ ...rest, at })
      if (await isHandedOver(rest.contentId)) {
        await takeBack(rest.contentId, rest.actor, { to: 'plan' })
        return loadEntry(storage, rest.contentId)
      }
      return change(async (stores) => {
        const entry = await loadEntry(stores, rest.contentId)
        await stores.publications.release(rest.contentId)
        return putEntry(stores, entry, { pinnedAt: null, notBefore: null }, clock.now())
      })
    },
    async publishNow(input) {
      const { contentId, force, actor } = parseInput(publishNowSchema, input)
      const { siteId } = await load(storage, contentId)
      const { settings } = await openSiteQuotas(storage, accountId, siteId)
      if (await isHandedOver(contentId)) {
        // The site has it, and it is counted already: what is asked for is that it goes sooner.
        await parts.publish(contentId, actor, parts.signal)
        const content = await load(storage, contentId)
        return { content, outcome: content.status === 'published' ? 'published' : 'handed-over' }
      }
      if (settings.count === 'scheduler') {
        await change((stores) => leave(stores, contentId, 'published by hand'))
        const isLive = await parts.publish(contentId, actor, parts.signal)
        return { content: await load(storage, contentId), outcome: isLive ? 'published' : 'failed' }
      }
      const entry = await pin({ contentId, at: clock.now(), force, actor })
      const outcome = await publishOne(context, parts, { entry, at: entry.pinnedAt ?? clock.now() })
      return { content: await load(storage, contentId), outcome }
    },
    async unschedule(input) {
      const { contentId, actor } = parseInput(queuedContentSchema, input)
      if (await isHandedOver(contentId)) {
        await takeBack(contentId, actor, { to: 'nowhere' })
        return load(storage, contentId)
      }
      return change(async (stores) => {
        await loadEntry(stores, contentId)
        return leave(stores, contentId, `unscheduled by ${actor}`)
      })
    },
    async requeue(input) {
      const { contentId, actor } = parseInput(queuedContentSchema, input)
      return change(async (stores) => {
        const entry = await loadEntry(stores, contentId)
        if ((await findHandedOver(stores, contentId)) !== undefined)
          return putEntry(stores, entry, { notBefore: null, lastErrorCode: null }, clock.now())
        if (entry.status === 'failed')
          return (await putInQueue(context, stores, await load(stores, contentId), { actor })).entry
        return putEntry(
          stores,
          entry,
          { status: 'queued', attempts: 0, notBefore: null, lastErrorCode: null },
          clock.now(),
        )
      })
    },
    async setPriority(input) {
      const { contentId, priority } = parseInput(setPrioritySchema, input)
      return change(async (stores) => putEntry(stores, await loadEntry(stores, contentId), { priority }, clock.now()))
    },
    async queue(input) {
      const query = parseInput(queueSchema, input)
      if ((await storage.sites.get(query.siteId)) === undefined) throw notFound('site', query.siteId)
      return storage.publicationQueue.list(query)
    },
    tick: async (siteId) => publishDue(context, parts, parseInput(siteIdSchema, siteId)),
  }

  /** Off the queue, where it stands there, and approved as it was. */
  async function leave(stores: AccountStores, contentId: string, reason: string): Promise<Content> {
    const content = await load(stores, contentId)
    const isQueued = (await stores.publicationQueue.get(contentId)) !== undefined
    if (!isQueued) return content
    if (!(await takeOffQueue(context, stores, contentId, reason))) throw underWay(contentId)
    return moveContent(stores, content, isApproved(content) ? 'approved' : 'review', clock.now())
  }
}

function underWay(contentId: string): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_TRANSITION',
    message: 'The content is being published.',
    hint: 'Wait until its outcome is known, then unpublish it if it is not wanted.',
    details: { contentId },
  })
}
