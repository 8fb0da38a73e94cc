import { invalidInput } from '@igny8/core/adapter-kit'
import type { Db } from 'pg-boss'

/** What is needed of a `pg.Pool`, or of anything that queries like one. */
export interface PoolLike {
  // biome-ignore lint/suspicious/noExplicitAny: rows of any driver, which pg-boss reads
  query(text: string, values?: any[]): Promise<any>
}

/** What is needed of a PGlite. */
export interface PGliteLike {
  // biome-ignore lint/suspicious/noExplicitAny: as PGlite types it
  query<Row>(text: string, values?: any[]): Promise<{ rows: Row[] }>
  exec(text: string): Promise<{ rows: unknown[] }[]>
}

/** Lets pg-boss query through the host's pool. */
export function mapPoolToDatabase(pool: PoolLike): Db {
  return { executeSql: async (text, values) => ({ rows: readRows(await pool.query(text, values)) }) }
}

/**
 * Lets pg-boss query inside the caller's transaction: a client of pg, a transaction of PGlite, or one of kysely. Throws `INVALID_INPUT` for
 * anything else.
 */
export function mapTransactionToDatabase(transaction: unknown): Db {
  if (has(transaction, 'executeQuery')) {
    const { executeQuery } = transaction
    return {
      async executeSql(sql, parameters = []) {
        const query = { sql, parameters, query: { kind: 'RawNode' }, queryId: { queryId: 'igny8.jobs' } }
        return { rows: readRows(await executeQuery.call(transaction, query)) }
      },
    }
  }
  if (has(transaction, 'query')) {
    const { query } = transaction
    return { executeSql: async (text, values) => ({ rows: readRows(await query.call(transaction, text, values)) }) }
  }
  throw invalidInput(
    'transaction',
    'is none that the queue can use.',
    'Pass the client of pg on which BEGIN ran, or the transaction of PGlite or kysely.',
  )
}

/** Several statements at once give several results. */
function readRows(result: unknown): unknown[] {
  if (Array.isArray(result)) return result.flatMap(readRows)
  const rows: unknown = (result as { rows?: unknown } | undefined)?.rows
  return Array.isArray(rows) ? rows : []
}

function has<Name extends string>(
  value: unknown,
  name: Name,
): value is Record<Name, (...parameters: unknown[]) => Promise<unknown>> {
  return typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[name] === 'function'
}
