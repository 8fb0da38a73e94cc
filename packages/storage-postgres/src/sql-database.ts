import type { Compilable } from 'kysely'

/** A row as the database gives it: the text of every column. */
export type SqlRow = Readonly<Record<string, string | null>>

export interface SqlResult {
  readonly rows: readonly SqlRow[]
  /** How many rows were inserted, changed or removed. */
  readonly affected: number
}

/** A statement with its parameters apart. */
export interface SqlStatement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** Runs statements one after the other. Throws an `Igny8Error` for whatever goes wrong. */
export interface SqlConnection {
  run(statement: SqlStatement): Promise<SqlResult>
}

/** What may be said of a transaction before it begins. */
export interface TransactionInput {
  /** Held until the end: transactions of the same lock run one after the other. */
  readonly lock?: bigint
  /** How long to wait for the lock. @default the database's */
  readonly lockTimeoutMs?: number
}

/** A database that is reached through a pool, or that lives in this process. */
export interface SqlDatabase {
  /** Runs `work`, one statement that may be repeated: it reads, or does nothing the second time. */
  repeatable<Result>(work: (connection: SqlConnection) => Promise<Result>): Promise<Result>
  /** Runs `work` in a transaction. May run it again after what left nothing behind: a deadlock, a lost connection. */
  transaction<Result>(input: TransactionInput, work: (connection: SqlConnection) => Promise<Result>): Promise<Result>
  /** Releases what was opened here. Idempotent. */
  close(): Promise<void>
}

/** Runs a query of the query builder. */
export function execute(connection: SqlConnection, query: Compilable<unknown>): Promise<SqlResult> {
  return connection.run(query.compile())
}
