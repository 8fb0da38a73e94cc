import { Igny8Error } from '@igny8/core'
import { sql } from 'kysely'
import { allMigrations } from './migrations/all-migrations.ts'
import type { Migration } from './migrations/migration.ts'
import type { SchemaScope } from './schema-scope.ts'
import type { SqlConnection, SqlDatabase } from './sql-database.ts'

/** How long a process waits for another one that migrates. */
const patienceMs = 300_000

/**
 * Brings the schema up to date. Each migration and the note of it are one transaction under one lock: several processes take turns, and
 * one that is killed leaves whole migrations behind.
 */
export async function migrate(scope: SchemaScope, database: SqlDatabase, migrations = allMigrations): Promise<void> {
  const { lockOf } = scope
  const input = { lock: lockOf('migrations'), lockTimeoutMs: patienceMs }
  for (const migration of migrations)
    await database.transaction(input, (connection) => applyMigration(scope, connection, migration, migrations))
}

/** The number of the newest migration that stands, 0 where there is none. Throws where the code does not know it. */
async function readVersion(
  { builder, schema }: SchemaScope,
  connection: SqlConnection,
  migrations = allMigrations,
): Promise<number> {
  const exists = sql`select to_regclass(${`"${schema}".migrations`}) is not null as stands`
  if ((await connection.run(exists.compile(builder))).rows[0]?.stands !== 't') return 0
  const newest = sql`select coalesce(max(number), 0) as number from ${sql.table(`${schema}.migrations`)}`
  const version = Number((await connection.run(newest.compile(builder))).rows[0]?.number)
  const known = migrations.length
  if (version <= known) return version
  throw new Igny8Error({
    code: 'STORAGE_FAILED',
    message: `The schema "${schema}" is at migration ${version}; this version of @igny8/storage-postgres knows ${known}.`,
    hint: 'Update @igny8/storage-postgres to the version that migrated it, or newer.',
    details: { schema, version, known },
  })
}

/** Throws `STORAGE_NOT_MIGRATED` unless every migration stands. */
export async function checkVersion(
  scope: SchemaScope,
  connection: SqlConnection,
  migrations = allMigrations,
): Promise<void> {
  const version = await readVersion(scope, connection, migrations)
  if (version < migrations.length) throw notMigrated(scope.schema, version, migrations.length)
}

/** The error where a migration is missing. */
function notMigrated(schema: string, version: number, known: number): Igny8Error {
  return new Igny8Error({
    code: 'STORAGE_NOT_MIGRATED',
    message: `The schema "${schema}" is at migration ${version} of ${known}.`,
    hint: 'Call `await igny8.start()`, or `await storage.migrate()`, before anything else.',
    details: { schema, version, known },
  })
}

async function applyMigration(
  scope: SchemaScope,
  connection: SqlConnection,
  { number, name, statements }: Migration,
  migrations: readonly Migration[],
): Promise<void> {
  const { builder, schema } = scope
  const run = (query: ReturnType<typeof sql>) => connection.run(query.compile(builder))
  const version = await readVersion(scope, connection, migrations)
  if (version >= number) return
  if (number === 1) {
    // Asked for first: `if not exists` wants the right to create schemas even where it stands.
    const schemas = await run(sql`select 1 from pg_namespace where nspname = ${schema}`)
    if (schemas.rows.length === 0) await run(sql`create schema ${sql.id(schema)}`)
    await run(sql`create table ${sql.table(`${schema}.migrations`)} (number bigint primary key, name text not null,
      applied_at timestamptz(3) not null default now())`)
  }
  await run(sql`set local search_path to ${sql.id(schema)}, pg_catalog`)
  for (const statement of statements) await run(sql.raw(statement))
  await run(sql`insert into ${sql.table(`${schema}.migrations`)} (number, name) values (${String(number)}, ${name})`)
}
