import type { AccountStores, Clock, Storage } from '@igny8/core'
import { createSystemClock } from '@igny8/core/adapter-kit'
import { createSqlStorage } from './create-sql-storage.ts'
import { createPostgresConnection } from './postgres-connection.ts'
import { createPostgresDatabase } from './postgres-database.ts'
import type { PostgresClient, PostgresPool } from './postgres-pool.ts'
import { requireOption } from './require-option.ts'
import { createSchemaScope } from './schema-scope.ts'

/** Where the tables are, and how long to wait for what. */
export interface PostgresStorageOptions {
  /** The host's own `pg.Pool`, or what looks like one. `close()` leaves it open. */
  readonly pool: PostgresPool
  /** Lower-case letters, digits and underscores. @default 'igny8' */
  readonly schema?: string
  /** How long to wait for a connection of the pool. @default 10_000 */
  readonly connectTimeoutMs?: number
  /** How long one statement may run, and a transaction may stand idle. @default 30_000 */
  readonly statementTimeoutMs?: number
  /** How long to wait for another writer of the same account. @default 30_000 */
  readonly lockTimeoutMs?: number
  /** Waits between attempts. @default the system's */
  readonly clock?: Clock
}

/** A transaction that the host has begun and will end. */
export interface JoinedTransaction {
  /** The stores of an account; their writes are part of the host's transaction. */
  forAccount(accountId: string): AccountStores
}

/** A storage on the host's PostgreSQL. */
export interface PostgresStorage extends Storage {
  /**
   * Joins a transaction that the host has begun on this client, so that rows of its own and ours are committed together.
   *
   * The first call takes the account for this transaction: its other writers wait until the host commits. Nothing is repeated; after a
   * failed call, roll back. Await each call before the client is used again, and keep the stores no longer than the transaction.
   */
  withTransaction(client: PostgresClient): JoinedTransaction
}

/**
 * Makes a storage on PostgreSQL 13 or newer, in a schema of its own, through the host's pool. No I/O happens here.
 *
 * @example
 * const storage = createPostgresStorage({ pool: new Pool({ connectionString }) })
 * await storage.migrate()
 */
export function createPostgresStorage(options: PostgresStorageOptions): PostgresStorage {
  requireOption(
    typeof options?.pool?.connect === 'function',
    'pool',
    'Pass a pool of the package pg: createPostgresStorage({ pool: new Pool({ connectionString }) }).',
  )
  const { pool, connectTimeoutMs = 10_000, statementTimeoutMs = 30_000, lockTimeoutMs = 30_000 } = options
  const clock = options.clock ?? createSystemClock()
  const timeouts = { connectTimeoutMs, statementTimeoutMs, lockTimeoutMs }
  const database = createPostgresDatabase({ pool, clock, random: Math.random, ...timeouts })
  const { joinAccount, ...storage } = createSqlStorage(createSchemaScope(options.schema ?? 'igny8'), database)
  return {
    ...storage,
    withTransaction(client) {
      const connection = createPostgresConnection(client, statementTimeoutMs + lockTimeoutMs)
      return { forAccount: (accountId) => joinAccount(accountId, connection) }
    },
  }
}
