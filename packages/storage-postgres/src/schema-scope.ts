import { createHash } from 'node:crypto'
import { Igny8Error } from '@igny8/core'
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { Database } from './tables.ts'

/** What queries are made with, and where they find their tables. */
export interface SchemaScope {
  readonly schema: string
  /** Builds queries, and runs none. */
  readonly builder: Kysely<Database>
  /** The lock of an account, or of something else that has a name. */
  readonly lockOf: (name: string) => bigint
}

/** Throws `INVALID_INPUT` for a name that is no plain identifier. */
export function createSchemaScope(schema: string): SchemaScope {
  if (!/^[a-z_][a-z\d_]{0,62}$/.test(schema) || schema.startsWith('pg_')) {
    throw new Igny8Error({
      code: 'INVALID_INPUT',
      message: 'The name of the schema is no plain identifier.',
      hint: 'Use lower-case letters, digits and underscores, not starting with a digit or `pg_`.',
    })
  }
  const dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database: Kysely<unknown>) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
  const builder = new Kysely<Database>({ dialect }).withSchema(schema)
  return { schema, builder, lockOf: (name) => hashLock(schema, name) }
}

/** Two names of one hash would only wait for each other. */
function hashLock(schema: string, name: string): bigint {
  return createHash('sha256').update(`igny8\n${schema}\n${name}`).digest().readBigInt64BE()
}
