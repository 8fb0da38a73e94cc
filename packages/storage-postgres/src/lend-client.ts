import { setImmediate } from 'node:timers/promises'
import { type Clock, Igny8Error } from '@igny8/core'
import { describeDatabaseError } from './describe-database-error.ts'
import type { PooledPostgresClient, PostgresPool } from './postgres-pool.ts'
import { within } from './within.ts'

/** A client and how to give it back. */
export interface LentClient {
  readonly client: PooledPostgresClient
  /** Gives it back to the pool; a `broken` one is closed. */
  giveBack(broken: boolean): void
}

/** Takes a client of the pool, or gives up after `timeoutMs`. A client that comes later goes straight back. */
export async function lendClient(pool: PostgresPool, clock: Clock, timeoutMs: number): Promise<LentClient> {
  const connecting = pool.connect()
  let client: PooledPostgresClient | undefined
  try {
    // One that is free comes in the same turn; a timer for each would cost more than all the rest of it.
    client = await Promise.race([connecting, setImmediate(undefined)])
    client ??= await within(timeoutMs, clock, connecting)
  } catch (error) {
    throw describeDatabaseError(error)
  }
  if (client === undefined) {
    connecting.then(
      (unwanted) => unwanted.release(),
      () => undefined,
    )
    throw exhausted(timeoutMs)
  }
  const lent = client
  // A connection may break between two statements; nobody listening would end the process.
  const listener = () => undefined
  lent.on('error', listener)
  return {
    client: lent,
    giveBack(broken) {
      lent.removeListener('error', listener)
      lent.release(broken)
    },
  }
}

function exhausted(timeoutMs: number): Igny8Error {
  return new Igny8Error({
    code: 'STORAGE_FAILED',
    message: `The pool had no connection to the database within ${timeoutMs} ms.`,
    hint: 'Give the pool more connections (`max`), or look for whoever keeps them.',
    retryable: true,
  })
}
