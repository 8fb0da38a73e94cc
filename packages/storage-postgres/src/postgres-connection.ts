import { describeDatabaseError, type FailureKind, kindOfFailure } from './describe-database-error.ts'
import type { PostgresAnswer, PostgresClient } from './postgres-pool.ts'
import type { SqlConnection, SqlRow } from './sql-database.ts'

/** What went wrong first on a connection. */
export interface ConnectionFailure {
  readonly kind: FailureKind
  readonly error: unknown
}

/** A connection that remembers its first failure: after it, a database commits nothing any more. */
export interface WatchedConnection extends SqlConnection {
  failure(): ConnectionFailure | undefined
  /** Runs statements without parameters, several at once if need be, and gives the rows of the last one. */
  runScript(script: string): Promise<readonly SqlRow[]>
}

const types = { getTypeParser: () => (text: string) => text }

export function createPostgresConnection(client: PostgresClient, timeoutMs: number): WatchedConnection {
  let failed: ConnectionFailure | undefined

  async function query(text: string, values?: unknown[]): Promise<PostgresAnswer | readonly PostgresAnswer[]> {
    try {
      return await client.query({ text, ...(values === undefined ? {} : { values }), types, query_timeout: timeoutMs })
    } catch (error) {
      failed ??= { kind: kindOfFailure(error), error }
      throw describeDatabaseError(error)
    }
  }

  return {
    failure: () => failed,
    async run({ sql, parameters }) {
      const { rows, rowCount } = lastOf(await query(sql, [...parameters]))
      return { rows: rows as SqlRow[], affected: rowCount ?? 0 }
    },
    async runScript(script) {
      return lastOf(await query(script)).rows as SqlRow[]
    },
  }
}

function lastOf(answer: PostgresAnswer | readonly PostgresAnswer[]): PostgresAnswer {
  const last = Array.isArray(answer) ? (answer as readonly PostgresAnswer[]).at(-1) : (answer as PostgresAnswer)
  return last ?? { rows: [], rowCount: 0 }
}
