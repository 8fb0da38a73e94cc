import type { JsonObject } from '../model/json.ts'

export interface JobQueueCapabilities {
  /** Jobs outlive the process. */
  readonly durable: boolean
  /** `enqueue` takes the caller's database transaction. */
  readonly transactional: boolean
}

export interface JobDefinition {
  readonly name: string
  /** Attempts in all before the job is dead. @default 5 */
  readonly attempts?: number
  /** First pause between attempts; doubles, with jitter. @default 1_000 */
  readonly backoffMs?: number
  /** Jobs of one name worked at once in this process. @default 2 */
  readonly concurrency?: number
}

export interface JobInput {
  readonly name: string
  readonly data: JsonObject
  /** While a job of this name and key waits, another is not added: it saves work, it does not guard correctness. */
  readonly key?: string
  readonly startAfter?: Date
  /** The host's transaction, where `capabilities.transactional`. */
  readonly transaction?: unknown
}

export interface JobContext {
  /** From 1. */
  readonly attempt: number
  /** Aborts when the queue stops or the job's time is over. */
  readonly signal: AbortSignal
  /** Tells that the job is alive. */
  heartbeat(): Promise<void>
}

export type JobHandler = (data: JsonObject, context: JobContext) => Promise<void>

/**
 * Wakes work up. The truth stays in the storage: a job says "look at this", at least once, and losing every job loses
 * nothing but time, because an idempotent sweep enqueues them again.
 */
export interface JobQueue {
  readonly capabilities: JobQueueCapabilities
  define(definition: JobDefinition): void
  /** Returns whether a job was added (`false`: one with this key waits already). */
  enqueue(job: JobInput): Promise<boolean>
  /** Starts working the jobs of a defined name in this process. */
  work(name: string, handler: JobHandler): Promise<void>
  /** Enqueues a job of a defined name every `everyMs`, never two at once; replaces an earlier schedule of that name. */
  schedule(name: string, schedule: { readonly everyMs: number; readonly data: JsonObject }): Promise<void>
  /** Takes no new jobs, waits up to `drainMs` for running ones, then aborts their signals. Idempotent. */
  stop(options?: { readonly drainMs?: number }): Promise<void>
}
