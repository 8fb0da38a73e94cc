import type { Clock } from '@igny8/core'
import { describeDatabaseError, type FailureKind } from './describe-database-error.ts'
import { type LentClient, lendClient } from './lend-client.ts'
import { createPostgresConnection, type WatchedConnection } from './postgres-connection.ts'
import type { PostgresPool } from './postgres-pool.ts'
import { resolveCommit, type TransactionMark } from './resolve-commit.ts'
import type { SqlConnection, SqlDatabase, TransactionInput } from './sql-database.ts'
import { createTurns } from './take-turns.ts'

/** What a database on a pool is made with. */
export interface PostgresDatabaseOptions {
  readonly pool: PostgresPool
  readonly clock: Clock
  /** Gives 0 to 1, for the pauses between attempts. */
  readonly random: () => number
  readonly connectTimeoutMs: number
  readonly statementTimeoutMs: number
  readonly lockTimeoutMs: number
}

/** How often work is run: what crossed with others, and what lost its connection before anything was committed. */
const attemptsOf: Readonly<Record<FailureKind, number>> = {
  conflict: 8,
  disconnected: 3,
  timeout: 1,
  missing: 1,
  other: 1,
}

/** What an attempt came to; a failed one has left nothing behind. */
type Attempt<Result> = { readonly result: Result } | { readonly failure: FailureKind; readonly error: unknown }

/** PostgreSQL through the host's pool. */
export function createPostgresDatabase(options: PostgresDatabaseOptions): SqlDatabase {
  const { pool, clock, random, connectTimeoutMs, statementTimeoutMs } = options
  const takeTurn = createTurns(clock)

  async function again<Result>(attempt: () => Promise<Attempt<Result>>): Promise<Result> {
    for (let made = 1; ; made++) {
      const outcome = await attempt()
      if ('result' in outcome) return outcome.result
      if (made >= attemptsOf[outcome.failure]) throw describeDatabaseError(outcome.error)
      await clock.wait(Math.ceil(10 * 2 ** made * (0.5 + random())))
    }
  }

  /** Opens a connection for one attempt. The time of the client ends after that of the server, whose answer says more. */
  async function withConnection<Result>(
    patienceMs: number,
    work: (connection: WatchedConnection, lent: LentClient) => Promise<Result>,
  ): Promise<Result> {
    const lent = await lendClient(pool, clock, connectTimeoutMs)
    const connection = createPostgresConnection(lent.client, patienceMs + Math.min(patienceMs, 5_000))
    let isClean = false
    try {
      const result = await work(connection, lent)
      isClean = true
      return result
    } finally {
      const kind = connection.failure()?.kind
      lent.giveBack(!isClean || kind === 'disconnected' || kind === 'timeout')
    }
  }

  async function attemptTransaction<Result>(
    input: TransactionInput,
    work: (connection: SqlConnection) => Promise<Result>,
  ): Promise<Attempt<Result>> {
    const lockTimeoutMs = input.lockTimeoutMs ?? options.lockTimeoutMs
    const patienceMs = statementTimeoutMs + lockTimeoutMs
    return withConnection(patienceMs, async (connection): Promise<Attempt<Result>> => {
      const failed = (error: unknown): Attempt<Result> => {
        const { kind = 'other', error: cause = error } = connection.failure() ?? {}
        return { failure: kind, error: cause }
      }
      let mark: TransactionMark
      try {
        mark = await begin(connection, { ...input, lockTimeoutMs, statementTimeoutMs })
      } catch (error) {
        return failed(error)
      }
      let result: Result
      try {
        result = await work(connection)
      } catch (error) {
        await rollBack(connection)
        if (connection.failure() === undefined) throw error
        return failed(error)
      }
      if (connection.failure() !== undefined) {
        await rollBack(connection)
        return failed(connection.failure()?.error)
      }
      try {
        await connection.runScript('commit')
        return { result }
      } catch (error) {
        const { kind } = connection.failure() ?? {}
        if (kind !== 'disconnected' && kind !== 'timeout') return failed(error)
        const became = await resolveCommit({ pool, clock, timeoutMs: connectTimeoutMs }, mark)
        if (became === 'committed') return { result }
        if (became === 'aborted') return { failure: 'disconnected', error: connection.failure()?.error }
        throw describeDatabaseError(connection.failure()?.error, 'unknown')
      }
    })
  }

  return {
    repeatable: (work) =>
      again(() =>
        withConnection(statementTimeoutMs, async (connection) => {
          try {
            return { result: await work(connection) }
          } catch (error) {
            const failure = connection.failure()
            if (failure === undefined) throw error
            return { failure: failure.kind, error: failure.error }
          }
        }),
      ),
    transaction: (input, work) =>
      again(() => {
        const attempt = () => attemptTransaction(input, work)
        if (input.lock === undefined) return attempt()
        return takeTurn(input.lock, input.lockTimeoutMs ?? options.lockTimeoutMs, attempt)
      }),
    async close() {
      // The pool is the host's.
    },
  }
}

/** One way to the server and back: begins, waits for the lock, and asks by what the transaction can be found again. */
async function begin(
  connection: WatchedConnection,
  { lock, lockTimeoutMs, statementTimeoutMs }: TransactionInput & { readonly statementTimeoutMs: number },
): Promise<TransactionMark> {
  const [row] = await connection.runScript(`begin isolation level read committed read write;
    set local lock_timeout = ${lockTimeoutMs}; set local statement_timeout = 0;
    set local idle_in_transaction_session_timeout = ${statementTimeoutMs};
    ${lock === undefined ? '' : `select pg_advisory_xact_lock(${lock});`}
    set local statement_timeout = ${statementTimeoutMs};
    select pg_current_xact_id()::text as number, pg_postmaster_start_time()::text as started`)
  return { number: row?.number ?? '0', serverStartedAt: row?.started ?? '' }
}

async function rollBack(connection: WatchedConnection): Promise<void> {
  if (connection.failure()?.kind === 'disconnected' || connection.failure()?.kind === 'timeout') return
  await connection.runScript('rollback').catch(() => undefined)
}
