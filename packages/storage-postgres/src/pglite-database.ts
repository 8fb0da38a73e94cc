import { describeDatabaseError } from './describe-database-error.ts'
import type { SqlConnection, SqlDatabase } from './sql-database.ts'

/** How a statement is run: everything crosses as text. */
interface PgliteQueryOptions {
  readonly parsers: Readonly<Record<number, (text: string) => string>>
  readonly serializers: Readonly<Record<number, (value: unknown) => unknown>>
}

interface PgliteAnswer {
  readonly rows: unknown[]
  readonly affectedRows?: number
}

interface PgliteQueries {
  query(sql: string, parameters?: unknown[], options?: never): Promise<PgliteAnswer>
}

/** What is used of a `PGlite`. */
export interface PgliteClient extends PgliteQueries {
  transaction<Result>(work: (transaction: PgliteQueries) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** Types whose values stay the text that they are: `boolean`, `bigint`, `integer`, `text`, `json`, `double precision`, `timestamptz`, … */
const textTypes = [16, 20, 23, 25, 114, 701, 1184, 1700, 2205]
/** The same as arrays. */
const arrayTypes = [1000, 1016, 1007, 1009, 199, 1022, 1185, 1231]

const options: PgliteQueryOptions = {
  parsers: Object.fromEntries(textTypes.map((type) => [type, (text: string) => text])),
  serializers: Object.fromEntries([...textTypes, ...arrayTypes].map((type) => [type, String])),
}

/** A PGlite as a database: one connection, which PGlite itself hands from one transaction to the next. */
export function createPgliteDatabase(open: () => Promise<PgliteClient>, release: () => Promise<void>): SqlDatabase {
  return {
    async repeatable(work) {
      return work(createConnection(await open()).connection)
    },
    async transaction(_, work) {
      const client = await open()
      return client.transaction(async (transaction) => {
        const { connection, failure } = createConnection(transaction)
        const result = await work(connection)
        const failed = failure()
        // The database has refused everything since; a commit would be a rollback without a word.
        if (failed !== undefined) throw failed
        return result
      })
    },
    close: release,
  }
}

function createConnection(client: PgliteQueries) {
  let failed: Error | undefined
  const connection: SqlConnection = {
    async run({ sql, parameters }) {
      try {
        const { rows, affectedRows } = await client.query(sql, [...parameters], options as never)
        return { rows: rows as Record<string, string | null>[], affected: affectedRows ?? 0 }
      } catch (error) {
        failed ??= describeDatabaseError(error)
        throw describeDatabaseError(error)
      }
    },
  }
  return { connection, failure: () => failed }
}
