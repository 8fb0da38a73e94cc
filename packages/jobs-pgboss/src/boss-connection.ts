import { Igny8Error, type Logger } from '@igny8/core'
import { describeFailure } from '@igny8/core/adapter-kit'
import type { Db, PgBoss } from 'pg-boss'
import { mapPoolToDatabase, type PGliteLike, type PoolLike } from './databases.ts'
import { mapBossToError } from './map-boss-to-error.ts'

/** Where the queue lives: the host's pool, or its PGlite. */
export type DatabaseOptions =
  | { readonly pool: PoolLike; readonly pglite?: undefined }
  | { readonly pglite: PGliteLike; readonly pool?: undefined }

/** A pg-boss that starts at first use. */
export interface BossConnection {
  /** Starts it, once. Throws `STORAGE_FAILED`; the next call tries again. */
  boss(): Promise<PgBoss>
  /** Ends its timers. The database is the host's, and stays open. */
  close(): Promise<void>
}

/** How often dead processes are looked for: their jobs run again this long after the heartbeat was missed. */
const superviseSeconds = 2
/** What is over is deleted this often. */
const maintenanceSeconds = 300

/** Connects pg-boss with the host's database. No I/O happens here. */
export function createBossConnection(options: {
  readonly database: DatabaseOptions
  readonly schema: string
  readonly logger: Logger
}): BossConnection {
  const { database, schema, logger } = options
  let starting: Promise<PgBoss> | undefined
  let closed = false

  async function start(): Promise<PgBoss> {
    const { PgBoss, fromPglite } = await importPgBoss()
    const db: Db = database.pool === undefined ? fromPglite(database.pglite) : mapPoolToDatabase(database.pool)
    const boss = new PgBoss({
      db,
      schema,
      backend: database.pool === undefined ? 'pglite' : 'postgres',
      superviseIntervalSeconds: superviseSeconds,
      monitorIntervalSeconds: superviseSeconds,
      maintenanceIntervalSeconds: maintenanceSeconds,
      cronMonitorIntervalSeconds: 10,
      cronWorkerIntervalSeconds: 1,
      registerInstance: false,
    })
    boss.on('error', (error) => logger.warn('The job queue met a failure.', describeFailure(error)))
    boss.on('warning', ({ message }) => logger.warn('The job queue warns.', { warning: message }))
    await boss.start()
    return boss
  }

  return {
    async boss() {
      if (closed) throw stopped()
      starting ??= start()
        .catch((error: unknown) => (isMadeMeanwhile(error) ? start() : Promise.reject(error)))
        .catch((error: unknown) => {
          starting = undefined
          throw mapBossToError(error)
        })
      return starting
    },
    async close() {
      closed = true
      const boss = await starting?.catch(() => undefined)
      await boss?.stop({ close: false, graceful: true, timeout: 1_000 })
    },
  }
}

/** SQLSTATEs by which PostgreSQL says that another process has made the same thing at the same moment: on a second look it is there. */
const madeMeanwhile = new Set(['23505', '42P06', '42P07', '42710', '42723'])

function isMadeMeanwhile(error: unknown): boolean {
  return madeMeanwhile.has(String((error as { readonly code?: unknown }).code))
}

async function importPgBoss(): Promise<typeof import('pg-boss')> {
  try {
    return await import('pg-boss')
  } catch (error) {
    throw new Igny8Error({
      code: 'UNSUPPORTED',
      message: 'pg-boss cannot be loaded.',
      hint: 'Install it next to the SDK: npm install pg-boss @opentelemetry/api.',
      cause: error,
    })
  }
}

function stopped(): Igny8Error {
  return new Igny8Error({
    code: 'STOPPED',
    message: 'The job queue was stopped.',
    hint: 'Create a new one with createPgBossJobs.',
  })
}
