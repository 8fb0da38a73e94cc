import * as z from 'zod'
import type { InputOf } from '../errors/input-of.ts'

const id = z.string().min(1).max(255)
const signal = z.instanceof(AbortSignal).optional()
const actor = z.string().min(1).max(255).default('host')

export const pushSchema = z.strictObject({
  contentId: id,
  /** One integration; absent: all active ones of the content's site. */
  integrationId: id.optional(),
  as: z.enum(['publish', 'draft']).default('publish'),
  actor,
  signal,
})

export const pushManySchema = z.strictObject({
  contentIds: z.array(id).min(1).max(1_000),
  integrationId: id.optional(),
  as: z.enum(['publish', 'draft']).default('publish'),
  actor,
  signal,
})

export const unpublishSchema = z.strictObject({ contentId: id, integrationId: id.optional(), actor, signal })

const trigger = z.enum(['manual', 'webhook', 'schedule']).default('manual')

/** Milliseconds to wait for a run that is under way, before `SYNC_RUNNING` is thrown. */
const waitMs = z.int().min(0).max(3_600_000).default(0)

export const runSchema = z.strictObject({ integrationId: id, trigger, actor, waitMs, signal })
export const startSchema = z.strictObject({ integrationId: id, trigger, actor })
export const siteSyncSchema = z.strictObject({ siteId: id, trigger, actor, waitMs, signal })
export const statusSchema = z.strictObject({ integrationId: id })
export const historySchema = z.strictObject({
  integrationId: id,
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().max(2_000).optional(),
})
export const eventsSchema = z.strictObject({
  integrationId: id.optional(),
  contentId: id.optional(),
  runId: id.optional(),
  status: z.enum(['pending', 'success', 'failed']).optional(),
  since: z.date().optional(),
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().max(2_000).optional(),
})

/** Pushes one approved content to one integration, or to all active ones of its site. */
export type PushInput = InputOf<typeof pushSchema>
/** Pushes up to 1,000 approved contents, each with its own outcome. */
export type PushManyInput = InputOf<typeof pushManySchema>
/** Takes a content off the public site, as a draft there. */
export type UnpublishInput = InputOf<typeof unpublishSchema>
/** Runs one whole synchronisation of an integration: pull, then push. With `waitMs` it waits as long for one that is under way, an automatic one say; @default 0 */
export type RunInput = InputOf<typeof runSchema>
/** Runs a synchronisation of every active integration of a site. */
export type SiteSyncInput = InputOf<typeof siteSyncSchema>
/** A page of an integration's past runs, newest first. @default 50 a page */
export type HistoryInput = InputOf<typeof historySchema>
/** Filters and page of the log of a synchronisation, newest first. @default 50 a page */
export type EventsInput = InputOf<typeof eventsSchema>
