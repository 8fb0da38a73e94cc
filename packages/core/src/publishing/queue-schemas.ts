import * as z from 'zod'
import type { InputOf } from '../errors/input-of.ts'

const id = z.string().min(1).max(255)
const actor = z.string().min(1).max(255).default('host')
const priority = z.int().min(-1_000_000).max(1_000_000)
/** Goes past a full limit; the reason is recorded with the publication. */
const force = z.strictObject({ reason: z.string().trim().min(1).max(1_000) }).optional()

export const enqueueSchema = z.strictObject({ contentId: id, priority: priority.optional(), actor })
export const pinSchema = z.strictObject({ contentId: id, at: z.date(), force, actor })
export const rescheduleSchema = z.strictObject({ contentId: id, at: z.date().nullable(), force, actor })
export const publishNowSchema = z.strictObject({ contentId: id, force, actor })
export const queuedContentSchema = z.strictObject({ contentId: id, actor })
export const setPrioritySchema = z.strictObject({ contentId: id, priority })
export const queueSchema = z.strictObject({
  siteId: id,
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().max(2_000).optional(),
})

/** Lets a content wait for its turn. */
export type EnqueueInput = InputOf<typeof enqueueSchema>
/** Ties a content to an instant. `force` goes past full limits, with its reason recorded. */
export type PinInput = InputOf<typeof pinSchema>
/** Moves a content to another instant; `null` gives it back to the planner. */
export type RescheduleInput = InputOf<typeof rescheduleSchema>
/** Publishes at once, inside the limits unless forced. */
export type PublishNowInput = InputOf<typeof publishNowSchema>
/** One content in the queue of its site. */
export type QueuedContentInput = InputOf<typeof queuedContentSchema>
/** Puts a content before others, or after them: the highest goes first. */
export type SetPriorityInput = InputOf<typeof setPrioritySchema>
/** A page of a site's queue, in the order in which it is published. */
export type QueueInput = InputOf<typeof queueSchema>
