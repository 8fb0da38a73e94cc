import type { Clock, JobHandler, JobQueue, JsonObject, Logger, RandomSource } from '@igny8/core'
import { Igny8Error } from '@igny8/core'
import {
  type CompleteJobDefinition,
  createSilentLogger,
  createSystemClock,
  createSystemRandom,
  invalidInput,
  jobAbortedMs,
  parseDeadQuery,
  parseJobDefinition,
  parseJobSchedule,
  stopping as stoppingReason,
  undefinedJob,
} from '@igny8/core/adapter-kit'
import type { PgBoss } from 'pg-boss'
import { createBossConnection, type DatabaseOptions } from './boss-connection.ts'
import { mapTransactionToDatabase } from './databases.ts'
import { countJobs, listDeadJobs, redriveDeadJobs } from './dead-jobs.ts'
import { mapBossToError } from './map-boss-to-error.ts'
import { prepareQueue } from './prepare-queue.ts'
import { createSchedules, prepareTicks, tickQueue } from './run-schedules.ts'
import { startWorkLoop, type WorkLoop } from './work-loop.ts'

/** What the queue is made of: a `pool` of pg, or a `pglite`. */
export type PgBossJobsOptions = DatabaseOptions & {
  /** The PostgreSQL schema of pg-boss's tables, made at first use. @default 'pgboss' */
  readonly schema?: string | undefined
  /** The longest that a job of another process stays unseen; those of this one are seen at once. @default 1_000 */
  readonly pollMs?: number | undefined
  /** For pauses and time limits in this process. The times of jobs are the database's. */
  readonly clock?: Clock | undefined
  readonly random?: RandomSource | undefined
  /** @default silent */
  readonly logger?: Logger | undefined
}

/** Durable jobs. */
export interface PgBossJobs extends JobQueue {
  /**
   * Makes the tables, and the queues of all names defined so far. Everything else does so at its first use; but on PGlite, inside a transaction, that
   * would wait for itself, so that `enqueue` refuses there with `NOT_STARTED` what nobody prepared.
   */
  prepare(): Promise<void>
}

/**
 * Makes a job queue on pg-boss, shared by all processes on the same database. pg-boss is loaded and started at first use; no I/O happens here. The
 * database stays the host's: `stop` leaves it open.
 *
 * @example
 * const jobs = createPgBossJobs({ pool: new pg.Pool({ connectionString }) })
 * const igny8 = createIgny8({ storage, platforms, encryption, jobs })
 */
export function createPgBossJobs(options: PgBossJobsOptions): PgBossJobs {
  const { schema = 'pgboss', pollMs = 1_000, logger = createSilentLogger() } = options
  const { clock = createSystemClock(), random = createSystemRandom() } = options
  checkSchema(schema)
  if (options.pool === undefined && options.pglite === undefined)
    throw invalidInput('pool', 'is missing.', 'Pass a pool of the package pg, or a PGlite that you opened as pglite.')
  const connection = createBossConnection({ database: options, schema, logger })
  const definitions = new Map<string, CompleteJobDefinition>()
  const prepared = new Map<string, { readonly definition: CompleteJobDefinition; readonly done: Promise<void> }>()
  /** Names whose queues are known to be there. */
  const ready = new Set<string>()
  const loops = new Map<string, WorkLoop>()
  const handlers = new Map<string, JobHandler>()
  const draining = new AbortController()
  const stopping = new AbortController()
  const wake = (name: string) => loops.get(name)?.wake()
  const schedules = createSchedules({ clock, random, logger, onTick: () => wake(tickQueue), onJob: wake })
  let ticking: Promise<void> | undefined
  let stopped: Promise<void> | undefined

  function defined(name: string): CompleteJobDefinition {
    const definition = definitions.get(name)
    if (definition === undefined) throw undefinedJob(name)
    return definition
  }

  /** Makes the queue of a name, once for each definition. */
  async function queueOf(name: string): Promise<PgBoss> {
    const definition = defined(name)
    const boss = await connection.boss()
    const known = prepared.get(name)
    if (known?.definition === definition) {
      await known.done
      return boss
    }
    const done = prepareQueue(boss, definition)
    prepared.set(name, { definition, done })
    try {
      await done
    } catch (error) {
      prepared.delete(name)
      throw error
    }
    ready.add(name)
    return boss
  }

  async function call<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw mapBossToError(error)
    }
  }

  function startLoop(boss: PgBoss, name: string, definition: () => CompleteJobDefinition): void {
    if (loops.has(name) || draining.signal.aborted) return
    const handler: JobHandler = (data, context) => {
      const current = handlers.get(name)
      return current === undefined ? Promise.reject(undefinedJob(name)) : current(data, context)
    }
    const signals = { draining: draining.signal, stopping: stopping.signal }
    loops.set(name, startWorkLoop({ boss, definition, handler, clock, logger, pollMs, ...signals }))
  }

  /** Whoever works jobs passes ticks on, those of other processes too. */
  async function startTicking(boss: PgBoss): Promise<void> {
    await prepareTicks(boss)
    handlers.set(tickQueue, (tick) => schedules.passOn(boss, tick))
    const definition = parseJobDefinition({ name: tickQueue, attempts: 3, concurrency: 10, expireMs: 30_000 })
    startLoop(boss, tickQueue, () => definition)
  }

  function tickingOn(boss: PgBoss): Promise<void> {
    ticking ??= startTicking(boss).catch((error: unknown) => {
      ticking = undefined
      throw error
    })
    return ticking
  }

  async function drain(drainMs: number): Promise<void> {
    draining.abort()
    schedules.stop()
    const idle = Promise.all([...loops.values()].map((loop) => loop.idle()))
    await settleWithin(clock, idle, drainMs)
    stopping.abort(stoppingReason())
    await settleWithin(clock, idle, jobAbortedMs)
    for (const [job, loop] of loops)
      if (loop.active() > 0) logger.error('A job does not end although it was aborted.', { job })
    await connection.close()
  }

  async function add(
    name: string,
    data: JsonObject,
    key: string | undefined,
    startAfter: Date | undefined,
    transaction: unknown,
  ) {
    const db = transaction === undefined ? {} : { db: mapTransactionToDatabase(transaction) }
    if (transaction !== undefined && options.pool === undefined && !ready.has(name)) throw notPrepared()
    const boss = await queueOf(name)
    if (key === undefined)
      return (await boss.send(name, data, startAfter === undefined ? db : { startAfter, ...db })) !== null
    if (startAfter === undefined) {
      const { inserted } = await boss.upsert(name, data, { singletonKey: key, startAfter: 0, ...db })
      return inserted > 0
    }
    // One that waits keeps its time.
    const { updated } = await boss.update(name, data, { singletonKey: key, ...db })
    if (updated > 0) return false
    const { inserted } = await boss.upsert(name, data, { singletonKey: key, startAfter, ...db })
    return inserted > 0
  }

  return {
    capabilities: { durable: true, transactional: true },
    define(input) {
      const definition = parseJobDefinition(input)
      definitions.set(definition.name, definition)
    },
    prepare: () =>
      call(async () => {
        for (const name of definitions.keys()) await queueOf(name)
      }),
    enqueue: ({ name, data, key, startAfter, transaction }) =>
      call(async () => {
        defined(name)
        if (draining.signal.aborted) return false
        const added = await add(name, data, key, startAfter, transaction)
        if (transaction === undefined) wake(name)
        return added
      }),
    work: (name, handler) =>
      call(async () => {
        const boss = await queueOf(name)
        handlers.set(name, handler)
        startLoop(boss, name, () => defined(name))
        await tickingOn(boss)
      }),
    schedule: (name, input) =>
      call(async () => {
        const schedule = parseJobSchedule(defined(name), input)
        const boss = await queueOf(name)
        await prepareTicks(boss)
        await schedules.set(boss, name, schedule)
      }),
    unschedule: (name, key = 'schedule') =>
      call(async () => {
        const boss = await connection.boss()
        await prepareTicks(boss)
        await schedules.unset(boss, name, key)
      }),
    listDead: (query) =>
      call(async () => {
        const { name, limit, cursor } = parseDeadQuery(query)
        return listDeadJobs(await queueOf(name), name, limit, cursor)
      }),
    redrive: ({ name, ids }) =>
      call(async () => {
        const moved = await redriveDeadJobs(await queueOf(name), schema, name, ids)
        wake(name)
        return moved
      }),
    counts: () => call(async () => countJobs(await connection.boss(), schema, [...definitions.keys()])),
    stop({ drainMs = 30_000 } = {}) {
      stopped ??= drain(drainMs)
      return stopped
    },
  }
}

/** Waits for `work`, but no longer than `ms`. */
async function settleWithin(clock: Clock, work: Promise<unknown>, ms: number): Promise<void> {
  const settled = new AbortController()
  await Promise.race([work, clock.wait(ms, settled.signal).catch(() => undefined)])
  settled.abort()
}

/** It becomes part of statements. */
function checkSchema(schema: string): void {
  if (/^[a-z_][a-z0-9_]{0,49}$/.test(schema)) return
  throw invalidInput(
    'schema',
    'is not a name that PostgreSQL takes without quotes.',
    'Up to 50 lower-case letters, digits and underscores.',
  )
}

function notPrepared(): Igny8Error {
  return new Igny8Error({
    code: 'NOT_STARTED',
    message: 'The queue of this job is not there yet, and PGlite cannot make it inside a transaction.',
    hint: 'Call await jobs.prepare() first, once, when the process starts.',
  })
}
