import type { QueueEntry } from '@igny8/core'
import * as z from 'zod'
import { content, id } from './model-schemas.ts'
import { listOperation, operation } from './operation.ts'

const tag = 'Sites and publishing'

const force = z.strictObject({ reason: z.string().min(1).max(1_000) }).optional()
const noFields = z.strictObject({})

const queueEntry = z.object({
  accountId: id,
  siteId: id,
  contentId: id,
  priority: z.int(),
  approvedAt: z.date(),
  pinnedAt: z.date().nullable(),
  status: z.enum(['queued', 'retrying', 'failed', 'recalled', 'withdrawn']),
  attempts: z.int(),
  notBefore: z.date().nullable(),
  lastErrorCode: z.string().nullable(),
  version: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
}) satisfies z.ZodType<QueueEntry>

/** What waits for its publication, and when it comes. */
export const queueOperations = [
  listOperation({
    id: 'listPublishingQueue',
    path: 'sites/{siteId}/publishing/queue/',
    summary: 'What waits for its publication, in the order in which it is planned',
    tag,
    item: queueEntry,
    handle: async ({ account, path, page }) => {
      await account.sites.get(path.siteId)
      return account.publishing.queue({ siteId: path.siteId, ...page })
    },
  }),
  operation({
    id: 'scheduleContent',
    method: 'POST',
    path: 'content/{contentId}/schedule/',
    summary: 'Queue approved content where the plan puts it, or at an instant, past days and slots',
    tag,
    idempotent: true,
    body: z.strictObject({ at: z.date().nullable().optional(), priority: z.int().optional(), force }),
    answer: queueEntry,
    async handle({ account, path: { contentId }, actor, body: { at, priority, force: forced } }) {
      const by = { contentId, actor, ...(forced === undefined ? {} : { force: forced }) }
      if (at instanceof Date) {
        const pinned = await account.publishing.pin({ ...by, at })
        return priority === undefined ? pinned : account.publishing.setPriority({ contentId, priority })
      }
      if (at === null) await account.publishing.reschedule({ ...by, at })
      return account.publishing.enqueue({ contentId, actor, ...(priority === undefined ? {} : { priority }) })
    },
  }),
  operation({
    id: 'unscheduleContent',
    method: 'POST',
    path: 'content/{contentId}/unschedule/',
    summary: 'Take content off the queue; it stays approved',
    tag,
    idempotent: true,
    body: noFields,
    answer: content,
    handle: ({ account, path, actor }) => account.publishing.unschedule({ contentId: path.contentId, actor }),
  }),
  operation({
    id: 'requeueContent',
    method: 'POST',
    path: 'content/{contentId}/requeue/',
    summary: 'Give content that failed another try',
    tag,
    idempotent: true,
    body: noFields,
    answer: queueEntry,
    handle: ({ account, path, actor }) => account.publishing.requeue({ contentId: path.contentId, actor }),
  }),
  operation({
    id: 'publishContentNow',
    method: 'POST',
    path: 'content/{contentId}/publish_now/',
    summary: 'Publish at once by the rules of the scheduler',
    tag,
    idempotent: true,
    body: z.strictObject({ force }),
    answer: z.object({
      content,
      outcome: z.enum(['published', 'handed-over', 'retrying', 'verifying', 'failed', 'paused', 'dropped', 'moved']),
    }),
    handle: ({ account, path: { contentId }, actor, body: { force: forced } }) =>
      account.publishing.publishNow({ contentId, actor, ...(forced === undefined ? {} : { force: forced }) }),
  }),
]
