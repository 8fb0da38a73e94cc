import type { JsonObject } from '../model/json.ts'
import type { Page, PageQuery } from './page.ts'

/** What a queue can do beyond this process. */
export interface JobQueueCapabilities {
  /** Jobs outlive the process, and all processes on the same database share them. */
  readonly durable: boolean
  /** `enqueue` takes the caller's database transaction. */
  readonly transactional: boolean
}

/** How jobs of one name are treated. Queues with a coarser clock round its times up to seconds. */
export interface JobDefinition {
  /** Letters, digits, `_`, `-`, `.` and `/`. */
  readonly name: string
  /** Attempts in all before the job is dead. @default 5 */
  readonly attempts?: number | undefined
  /** First pause between attempts; doubles each time, and each is cut by chance to between its half and its whole. @default 1_000 */
  readonly backoffMs?: number | undefined
  /** No pause between attempts is longer. @default 300_000 */
  readonly backoffLimitMs?: number | undefined
  /** Jobs of this name worked at once in one process. @default 2 */
  readonly concurrency?: number | undefined
  /** Time limit of an attempt: its signal aborts with `TIMEOUT`, and the attempt has failed. At most a day. @default 3_600_000 */
  readonly expireMs?: number | undefined
  /**
   * Strictly one at a time per key, across all processes; jobs without a key count as one key. Fixed once the queue stored it: another
   * value for the same name is refused with `INVALID_INPUT`. @default false
   */
  readonly serial?: boolean | undefined
}

/** A wake-up call. */
export interface JobInput {
  readonly name: string
  readonly data: JsonObject
  /**
   * While a job of this name and key waits, for its time, for a free worker or for its next attempt, no other is added. The waiting one
   * takes this data, and is brought forward unless `startAfter` is given. It saves work, it does not guard correctness.
   */
  readonly key?: string | undefined
  readonly startAfter?: Date | undefined
  /** The caller's transaction, where `capabilities.transactional`: the job exists once that commits. Others refuse it with `UNSUPPORTED`. */
  readonly transaction?: unknown
}

/** What a handler is told beside the data. */
export interface JobContext {
  /** From 1. An attempt whose process died counts. */
  readonly attempt: number
  /** Aborts with `STOPPED` when the queue stops, `TIMEOUT` when the attempt's time is over, `LEASE_LOST` when the queue gave the job to another worker. */
  readonly signal: AbortSignal
  /** Tells at once that the job is alive, as the queue does by itself every few seconds. Rejects with `LEASE_LOST` when the job is another's by now. */
  heartbeat(): Promise<void>
}

/** Does the work of one attempt; rejecting fails the attempt. Must be idempotent, and end soon after `signal` aborts. */
export type JobHandler = (data: JsonObject, context: JobContext) => Promise<void>

/** When a schedule is due, and what it wakes. */
export interface JobSchedule {
  /** Every so often. Exclusive with `cron`; queues with a coarser clock round up to seconds. */
  readonly everyMs?: number | undefined
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  readonly cron?: string | undefined
  /** IANA name of the zone in which `cron` is read. A time in the gap of a clock change runs once after it, one in the fold once. @default 'UTC' */
  readonly timezone?: string | undefined
  /** Tells schedules of one name apart, and becomes the key of their jobs. @default 'schedule' */
  readonly key?: string | undefined
  readonly data: JsonObject
  /** Each job starts up to so much later, by chance, so that many schedules do not start at one moment. @default 0 */
  readonly jitterMs?: number | undefined
  /**
   * What becomes of times that passed while no process was there: nothing, or one run however many they were. Never a burst. Only durable
   * queues know of such times. @default 'skip'
   */
  readonly missed?: 'skip' | 'once' | undefined
}

/** A job that failed for good, kept for a person to look at. */
export interface DeadJob {
  readonly id: string
  readonly name: string
  readonly key: string | undefined
  readonly data: JsonObject
  /** Attempts that it took. */
  readonly attempts: number
  readonly diedAt: Date
  /** What the last attempt failed with, as far as a log may say it: `code` and the message of errors of ours, the name of others. */
  readonly error: { readonly message: string; readonly code: string | undefined }
}

/** Jobs of one name, now. */
export interface JobCounts {
  /** For their time, for a free worker, for their next attempt. */
  readonly waiting: number
  readonly active: number
  readonly dead: number
}

/**
 * Wakes work up. The truth stays in the storage: a job says "look at this", and losing every job loses nothing but time, because an
 * idempotent sweep enqueues them again.
 *
 * - **At least once**: a job runs until an attempt succeeds, or until all have failed; after a crash, one that had succeeded may run again.
 * - **Order**: about the order of their times, no promise: retries, several workers and clocks come between. Only `serial` keeps two apart.
 * - **A lost process**: where `capabilities.durable`, its jobs run elsewhere as soon as their heartbeat is missed, which is an attempt less. A
 *   process that was only stalled may still run its own, so two may overlap for a moment even if `serial`: leases guard correctness, not queues.
 *
 * Data is plain and copied. Names that were not defined here are refused with `INVALID_INPUT`; after `stop`, nothing is added.
 */
export interface JobQueue {
  readonly capabilities: JobQueueCapabilities
  /** Says how jobs of a name are treated in this process; a later definition of the name replaces it. No I/O. */
  define(definition: JobDefinition): void
  /** Returns whether a job was added. `false`: one with this key waits already, or the queue was stopped. */
  enqueue(job: JobInput): Promise<boolean>
  /** Starts working the jobs of a defined name in this process. */
  work(name: string, handler: JobHandler): Promise<void>
  /**
   * Enqueues a job of a name defined `serial`, whenever due: once for all processes that share the queue, nothing while the last one waits,
   * and never two at once. Replaces the schedule of the same name and key. One by `everyMs` lives as long as the processes that set it; one by
   * `cron` outlives them where `capabilities.durable`, until `unschedule`.
   */
  schedule(name: string, schedule: JobSchedule): Promise<void>
  /** Ends a schedule; what it has enqueued stays. Idempotent. @default the key 'schedule' */
  unschedule(name: string, key?: string): Promise<void>
  /** Dead jobs of a name, oldest first. Old ones are dropped in time, the very oldest first. */
  listDead(query: PageQuery & { readonly name: string }): Promise<Page<DeadJob>>
  /** Makes dead jobs of a name new again, with all attempts before them; those of `ids`, or all. Returns how many. */
  redrive(query: { readonly name: string; readonly ids?: readonly string[] | undefined }): Promise<number>
  /** Of every name defined in this process. Counted, not estimated: for a page of figures, not for a loop. */
  counts(): Promise<ReadonlyMap<string, JobCounts>>
  /**
   * Takes no new jobs, waits up to `drainMs` for running ones, then aborts their signals and waits a few seconds more. Where
   * `capabilities.durable`, what it interrupted runs again elsewhere, with all attempts before it. Idempotent. @default 30_000
   */
  stop(options?: { readonly drainMs?: number | undefined }): Promise<void>
}
