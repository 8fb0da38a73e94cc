import type { Clock } from '@igny8/core'
import { lendClient } from './lend-client.ts'
import { createPostgresConnection } from './postgres-connection.ts'
import type { PostgresPool } from './postgres-pool.ts'

/** How the server knows a transaction. */
export interface TransactionMark {
  /** Its number, `xid8`. */
  readonly number: string
  /** When the server started: after a failover, another one might know another transaction by this number. */
  readonly serverStartedAt: string
}

/** What is needed to ask. */
export interface ResolveInput {
  readonly pool: PostgresPool
  readonly clock: Clock
  readonly timeoutMs: number
}

/** How often and how long to ask, in milliseconds between. */
const pausesMs = [0, 50, 200, 500, 1_000, 2_000]

/**
 * Finds out on another connection what became of a transaction whose commit got no answer.
 *
 * One that is still open has lost its client for good and is ended, so that it holds no lock any longer.
 */
export async function resolveCommit(
  input: ResolveInput,
  { number, serverStartedAt }: TransactionMark,
): Promise<'committed' | 'aborted' | 'unknown'> {
  for (const pauseMs of pausesMs) {
    if (pauseMs > 0) await input.clock.wait(pauseMs)
    const row = await ask(
      input,
      `select pg_postmaster_start_time()::text as started, pg_xact_status('${number}'::xid8) as status`,
    )
    if (row === undefined) continue
    if (row.started !== serverStartedAt) return 'unknown'
    if (row.status === 'committed' || row.status === 'aborted') return row.status
    if (row.status !== 'in progress') return 'unknown'
    await ask(
      input,
      `select pg_terminate_backend(pid) from pg_stat_activity where backend_xid = '${number}'::xid8::xid`,
    )
  }
  return 'unknown'
}

/** `undefined` where the question could not be put. */
async function ask({ pool, clock, timeoutMs }: ResolveInput, question: string) {
  try {
    const { client, giveBack } = await lendClient(pool, clock, timeoutMs)
    const connection = createPostgresConnection(client, timeoutMs)
    try {
      return (await connection.runScript(question))[0]
    } finally {
      giveBack(connection.failure() !== undefined)
    }
  } catch {
    return undefined
  }
}
