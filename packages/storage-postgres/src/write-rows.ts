import { Igny8Error } from '@igny8/core'
import { type Compilable, type RawBuilder, sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import type { SqlConnection, SqlResult, SqlRow } from './sql-database.ts'
import type { EncodedRow, Table } from './table.ts'
import type { TableName } from './tables.ts'
import { encodeArray } from './text-codec.ts'

/** Rows of one statement: more of them no longer fit into the memory that PostgreSQL gives to a step of a query. */
export const mostRows = 1_000

/** What a row has that is written by compare-and-set. */
interface Versioned {
  readonly version: number
}

/** Inserts rows, or none where one of them is refused. `taken` is the error for it. @default STORAGE_FAILED */
export async function insertRows<Row>(
  scope: AccountScope,
  name: TableName,
  table: Table<Row, string>,
  rows: readonly Row[],
  taken?: (connection: SqlConnection) => Promise<Igny8Error | undefined>,
): Promise<void> {
  const encoded = rows.map((row) => table.encode(scope.accountId, row))
  const { isNested } = scope.session
  const keyColumns = [sql.ref('account_id'), ...table.key.map((column) => sql.ref(column))]
  const returning = isNested ? sql` returning ${sql.join(keyColumns)}` : sql``
  await scope.session.write(async (connection) => {
    const inserted: SqlRow[] = []
    for (let from = 0; from < encoded.length; from += mostRows) {
      const part = encoded.slice(from, from + mostRows)
      const insert = insertNew(scope, name, table, part)
      const { rows: keys, affected } = await runSql(scope, connection, sql`${insert}${returning}`)
      inserted.push(...keys)
      if (affected === part.length) continue
      const error = (await taken?.(connection)) ?? alreadyThere(table.label)
      if (inserted.length > 0) {
        const values = table.key.map((column) => inserted.map((row) => row[column] ?? null))
        await runSql(scope, connection, removeKeys(scope, name, table, values))
      }
      throw error
    }
  })
}

/** The statement that inserts the rows whose keys are free. */
export function insertNew<Row>(
  scope: AccountScope,
  name: TableName,
  table: Table<Row, string>,
  rows: readonly EncodedRow[],
): RawBuilder<unknown> {
  const columns = table.columns.map((column) => sql.ref(column.name))
  const values = table.columns.map(
    ({ type }, index) => sql`${encodeArray(rows.map((row) => row[index] ?? null))}::${sql.raw(type)}[]`,
  )
  return sql`insert into ${tableOf(scope, name)} (account_id, ${sql.join(columns)})
    select ${scope.account}, source.* from unnest(${sql.join(values)}) as source on conflict do nothing`
}

/** Inserts the row, or replaces what stands under its key where `condition` holds. Returns whether it did either. */
export async function upsertRow<Row>(
  scope: AccountScope,
  name: TableName,
  table: Table<Row, string>,
  row: EncodedRow,
  connection: SqlConnection,
  condition: RawBuilder<unknown> = sql`true`,
): Promise<boolean> {
  const columns = table.columns.map((column) => sql.ref(column.name))
  const assignments = columns.map((column) => sql`${column} = excluded.${column}`)
  const query = sql`insert into ${tableOf(scope, name)} as stored (account_id, ${sql.join(columns)})
    values (${scope.account}, ${sql.join(row)})
    on conflict (${sql.join([sql.ref('account_id'), ...table.key.map((column) => sql.ref(column))])})
    do update set ${sql.join(assignments)} where ${condition}`
  return (await runSql(scope, connection, query)).affected > 0
}

/** Replaces the row where `condition` holds. Returns whether it did. */
export async function replaceRow<Row>(
  scope: AccountScope,
  name: TableName,
  table: Table<Row, string>,
  row: EncodedRow,
  connection: SqlConnection,
  condition: RawBuilder<unknown>,
): Promise<boolean> {
  const assignments = table.columns.map((column, index) => sql`${sql.ref(column.name)} = ${row[index] ?? null}`)
  const query = sql`update ${tableOf(scope, name)} as stored set ${sql.join(assignments)}
    where ${isRow(scope, table, row)} and ${condition}`
  return (await runSql(scope, connection, query)).affected > 0
}

/** Replaces the row if its stored version is the expected one. Returns whether it did. */
export async function compareAndSet<Row extends Versioned>(
  scope: AccountScope,
  name: TableName,
  table: Table<Row, string>,
  row: Row,
  expectedVersion: number,
): Promise<boolean> {
  const encoded = table.encode(scope.accountId, row)
  const condition = sql`stored.version = ${String(expectedVersion)}`
  return scope.session.write((connection) => replaceRow(scope, name, table, encoded, connection, condition))
}

/** Who would stand in the way of a row, and the error where he does. */
export interface UniqueRule {
  /** Finds the other row that holds what must be unique. */
  readonly holder: Compilable<unknown>
  readonly taken: () => Igny8Error
}

/**
 * The same, where another row may hold what must be unique.
 *
 * Looks first: a database refuses everything that follows in a transaction after an error of its own. Nobody else writes meanwhile.
 */
export async function replaceUnlessTaken<Row extends Versioned>(
  scope: AccountScope,
  name: TableName,
  table: Table<Row, string>,
  row: Row,
  expectedVersion: number,
  rule: UniqueRule,
): Promise<boolean> {
  const encoded = table.encode(scope.accountId, row)
  const holder = rule.holder.compile()
  const stands = sql`select 1 from ${tableOf(scope, name)} as stored
    where ${isRow(scope, table, encoded)} and stored.version = ${String(expectedVersion)}`
  const condition = sql`stored.version = ${String(expectedVersion)}`
  return scope.session.write(async (connection) => {
    const isHeld = (await connection.run(holder)).rows.length > 0
    if (!isHeld) return replaceRow(scope, name, table, encoded, connection, condition)
    if ((await runSql(scope, connection, stands)).rows.length > 0) throw rule.taken()
    return false
  })
}

/** Inserts version 1, or replaces the version one lower. Returns whether it did. */
export async function putVersion<Row extends Versioned>(
  scope: AccountScope,
  name: TableName,
  table: Table<Row, string>,
  row: Row,
): Promise<boolean> {
  const encoded = table.encode(scope.accountId, row)
  const condition = sql`stored.version = ${String(row.version - 1)}`
  return scope.session.write((connection) =>
    row.version === 1
      ? upsertRow(scope, name, table, encoded, connection, condition)
      : replaceRow(scope, name, table, encoded, connection, condition),
  )
}

/** That a row of the table, named `stored`, has the account and the key of this one. */
function isRow<Row>(scope: AccountScope, table: Table<Row, string>, row: EncodedRow): RawBuilder<boolean> {
  const conditions = table.columns.flatMap(({ name }, index) =>
    table.key.includes(name) ? [sql`stored.${sql.ref(name)} = ${row[index] ?? null}`] : [],
  )
  return sql<boolean>`${sql.join([sql`stored.account_id = ${scope.account}`, ...conditions], sql` and `)}`
}

/** Runs raw SQL with its parameters. */
export function runSql(
  { builder }: Pick<AccountScope, 'builder'>,
  connection: SqlConnection,
  query: RawBuilder<unknown>,
): Promise<SqlResult> {
  return connection.run(query.compile(builder))
}

/** A table as raw SQL names it. */
export function tableOf({ schema }: Pick<AccountScope, 'schema'>, name: TableName | 'assets'): RawBuilder<unknown> {
  return sql.table(`${schema}.${name}`)
}

function removeKeys<Row>(
  scope: AccountScope,
  name: TableName,
  { key, columns }: Table<Row, string>,
  values: readonly (readonly (string | null)[])[],
): RawBuilder<unknown> {
  const refs = sql.join(key.map((column) => sql.ref(column)))
  const arrays = key.map((column, index) => {
    const type = columns.find((candidate) => candidate.name === column)?.type ?? 'text'
    return sql`${encodeArray(values[index] ?? [])}::${sql.raw(type)}[]`
  })
  return sql`delete from ${tableOf(scope, name)}
    where account_id = ${scope.account} and (${refs}) in (select * from unnest(${sql.join(arrays)}))`
}

/** The error where a row stands already. */
export function alreadyThere(label: string): Igny8Error {
  return new Igny8Error({ code: 'STORAGE_FAILED', message: `${label}: the same row stands already.` })
}
