import type { Kysely } from 'kysely'
import type { SqlConnection, SqlDatabase } from './sql-database.ts'
import type { Database } from './tables.ts'

/** How the stores of an account reach its rows. */
export interface AccountSession {
  /** Runs one reading statement. */
  read<Result>(work: (connection: SqlConnection) => Promise<Result>): Promise<Result>
  /** Runs statements that become visible together, alone among the writers of the account. */
  write<Result>(work: (connection: SqlConnection) => Promise<Result>): Promise<Result>
  /** Whether `write` is part of a transaction that goes on afterwards: what fails in it must leave nothing behind. */
  readonly isNested: boolean
}

/** What every store of an account is made with. */
export interface AccountScope {
  readonly accountId: string
  /** The account as it stands in SQL. */
  readonly account: string
  /** Builds queries, and runs none. */
  readonly builder: Kysely<Database>
  readonly schema: string
  readonly session: AccountSession
}

/** A session whose every call runs by itself. */
export function createLooseSession(database: SqlDatabase, lock: bigint): AccountSession {
  return {
    read: (work) => database.repeatable(work),
    write: (work) => database.transaction({ lock }, work),
    isNested: false,
  }
}

/**
 * A session whose calls all belong to one transaction. They run one after the other, however they are called: several statements of one
 * call never mix with those of another.
 */
export function createNestedSession(
  connection: SqlConnection,
  checkOpen: () => void,
): AccountSession & {
  /** Resolves when no call is running any more. */
  settled(): Promise<void>
} {
  let last: Promise<unknown> = Promise.resolve()
  function inTurn<Result>(work: (connection: SqlConnection) => Promise<Result>): Promise<Result> {
    const turn = last.then(() => {
      checkOpen()
      return work(connection)
    })
    last = turn.catch(() => undefined)
    return turn
  }
  return {
    read: inTurn,
    write: inTurn,
    isNested: true,
    async settled() {
      await last
    },
  }
}
