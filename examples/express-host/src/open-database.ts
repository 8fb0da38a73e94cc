import { join } from 'node:path'
import type { CreateRateLimiter, JobQueue, Logger, Storage } from '@igny8/core'
import { createPgBossJobs } from '@igny8/jobs-pgboss'
import { createPgliteStorage, createPostgresStorage } from '@igny8/storage-postgres'

/** A statement with parameters; rows as plain objects. */
export type Query = (text: string, values?: unknown[]) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** One database for everything: the SDK's rows, its jobs, and the host's own tables. */
export interface Database {
  readonly storage: Storage
  readonly jobs: JobQueue
  /** Where several processes may share the database, they share these. */
  readonly rateLimits?: CreateRateLimiter
  readonly query: Query
  close(): Promise<void>
}

/** Opens PostgreSQL where there is a URL, else PGlite in the folder, which must be this process' alone. */
export async function openDatabase(
  { databaseUrl, dataDir }: { readonly databaseUrl: string | undefined; readonly dataDir: string },
  logger: Logger,
): Promise<Database> {
  const database =
    databaseUrl === undefined ? await openPglite(dataDir, logger) : await openPostgres(databaseUrl, logger)
  await createHostTables(database.query)
  return database
}

async function openPostgres(connectionString: string, logger: Logger): Promise<Database> {
  const { Pool } = (await import('pg')).default
  const { createPostgresRateLimits } = await import('@igny8/http/postgres-rate-limits')
  const pool = new Pool({ connectionString, max: 10 })
  pool.on('error', (error) => logger.warn('A connection to the database was lost.', { error: error.message }))
  return {
    storage: createPostgresStorage({ pool }),
    jobs: createPgBossJobs({ pool, logger }),
    rateLimits: await createPostgresRateLimits({ pool, logger }),
    query: async (text, values) => (await pool.query(text, values)).rows,
    close: () => pool.end(),
  }
}

async function openPglite(dataDir: string, logger: Logger): Promise<Database> {
  const { PGlite } = await import('@electric-sql/pglite')
  const pglite = await PGlite.create(join(dataDir, 'pglite'))
  return {
    storage: createPgliteStorage({ client: pglite }),
    jobs: createPgBossJobs({ pglite, logger }),
    query: async (text, values) => (await pglite.query<Record<string, unknown>>(text, values)).rows,
    close: () => pglite.close(),
  }
}

/** Two processes that make the same table at once may trip over each other: once more, and it is there. */
async function createHostTables(query: Query): Promise<void> {
  for (const statement of hostTables) await query(statement).catch(() => query(statement))
}

const hostTables = [
  `create table if not exists host_api_keys (
    key_hash text primary key, account_id text not null, name text not null, created_at timestamptz not null default now())`,
  `create table if not exists host_idempotency (
    account_id text not null, key text not null, fingerprint text not null, at timestamptz not null, answer text,
    primary key (account_id, key))`,
]
