import type { RowChange } from '@igny8/core'
import { type RawBuilder, sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import type { SqlConnection } from './sql-database.ts'
import type { EncodedRow, Table } from './table.ts'
import type { TableName } from './tables.ts'
import { encodeArray } from './text-codec.ts'
import { alreadyThere, insertNew, mostRows, runSql, tableOf } from './write-rows.ts'

/** A row as its columns, and the version that it replaces. */
interface EncodedChange {
  readonly row: EncodedRow
  readonly expectedVersion: string
}

/**
 * Replaces rows, each where its stored version is the expected one. Returns of each whether it was, in order.
 *
 * `unique` is a second key of them, which is looked at first: a database refuses everything that follows in a transaction after an error of its own. Nobody else writes
 * meanwhile.
 */
export async function replaceRows<Row extends { readonly version: number }>(
  scope: AccountScope,
  name: TableName,
  table: Table<Row, string>,
  changes: readonly RowChange<Row>[],
  unique?: readonly string[],
): Promise<readonly boolean[]> {
  const encoded = changes.map(({ row, expectedVersion }) => ({
    row: table.encode(scope.accountId, row),
    expectedVersion: String(expectedVersion),
  }))
  for (const columns of [table.key, ...(unique === undefined ? [] : [unique])]) checkDistinct(table, encoded, columns)
  return scope.session.write(async (connection) => {
    const parts = partsOf(encoded)
    if (unique !== undefined)
      for (const part of parts)
        if (await isHeld(scope, connection, name, table, part, unique)) throw alreadyThere(table.label)
    const outcomes: boolean[] = []
    for (const part of parts) {
      const { rows } = await runSql(scope, connection, replacement(scope, name, table, part))
      const replaced = new Set(rows.map(({ place }) => Number(place)))
      outcomes.push(...part.map((_, index) => replaced.has(index + 1)))
    }
    return outcomes
  })
}

/** Of each row: inserts version 1, or replaces the version one lower. Returns of each whether it did, in order. */
export async function putVersions<Row extends { readonly version: number }>(
  scope: AccountScope,
  name: TableName,
  table: Table<Row, string>,
  rows: readonly Row[],
): Promise<readonly boolean[]> {
  const encoded = rows.map((row) => ({
    row: table.encode(scope.accountId, row),
    expectedVersion: `${row.version - 1}`,
  }))
  checkDistinct(table, encoded, table.key)
  const isNew = ({ expectedVersion }: EncodedChange) => expectedVersion === '0'
  return scope.session.write(async (connection) => {
    const done = new Set<string>()
    const keys = sql.join(table.key.map((column) => sql.ref(column)))
    for (const part of partsOf(encoded.filter(isNew))) {
      const rowsOfPart = part.map(({ row }) => row)
      const insert = sql`${insertNew(scope, name, table, rowsOfPart)} returning ${keys}`
      const inserted = (await runSql(scope, connection, insert)).rows
      for (const row of inserted) done.add(JSON.stringify(table.key.map((column) => row[column])))
    }
    for (const part of partsOf(encoded.filter((change) => !isNew(change)))) {
      const replaced = (await runSql(scope, connection, replacement(scope, name, table, part))).rows
      for (const { place } of replaced) done.add(keyOf(table, part[Number(place) - 1]?.row ?? []))
    }
    return encoded.map(({ row }) => done.has(keyOf(table, row)))
  })
}

function keyOf<Row>(table: Table<Row, string>, row: EncodedRow): string {
  return JSON.stringify(table.key.map((column) => row[table.columns.findIndex(({ name }) => name === column)] ?? null))
}

function checkDistinct<Row>(
  table: Table<Row, string>,
  changes: readonly EncodedChange[],
  columns: readonly string[],
): void {
  const keys = new Set(changes.map(({ row }) => JSON.stringify(pick(table, row, columns))))
  if (keys.size < changes.length) throw alreadyThere(table.label)
}

function replacement<Row>(
  scope: AccountScope,
  name: TableName,
  table: Table<Row, string>,
  part: readonly EncodedChange[],
): RawBuilder<unknown> {
  const columns = table.columns.map((column) => sql.ref(column.name))
  const assignments = columns.map((column) => sql`${column} = source.${column}`)
  return sql`update ${tableOf(scope, name)} as stored set ${sql.join(assignments)} from ${sourceOf(table, part)}
    where stored.account_id = ${scope.account} and ${areEqual(table.key)}
      and stored.version = source.expected_version returning source.place`
}

/** Whether another row has what one of those that would be replaced is to have. */
async function isHeld<Row>(
  scope: AccountScope,
  connection: SqlConnection,
  name: TableName,
  table: Table<Row, string>,
  part: readonly EncodedChange[],
  columns: readonly string[],
): Promise<boolean> {
  const own = table.key.map((column) => sql`holder.${sql.ref(column)} = source.${sql.ref(column)}`)
  const same = columns.map((column) => sql`holder.${sql.ref(column)} = source.${sql.ref(column)}`)
  // Almost never does a second row hold it, and only then is there anything to look up.
  const held = sql`select 1 from ${sourceOf(table, part, [...table.key, ...columns])}
    join ${tableOf(scope, name)} as holder on holder.account_id = ${scope.account}
      and ${sql.join(same, sql` and `)} and not (${sql.join(own, sql` and `)})
    where (select stored.version from ${tableOf(scope, name)} as stored
      where stored.account_id = ${scope.account} and ${areEqual(table.key)}) = source.expected_version limit 1`
  return (await runSql(scope, connection, held)).rows.length > 0
}

/** The changes as rows named `source`, each with its place from 1 on. Bodies are sent where they are wanted only. */
function sourceOf<Row>(
  table: Table<Row, string>,
  part: readonly EncodedChange[],
  wanted?: readonly string[],
): RawBuilder<unknown> {
  const columns = table.columns.flatMap(({ name, type }, index) =>
    wanted?.includes(name) === false ? [] : [{ name, type, index }],
  )
  const values = columns.map(
    ({ type, index }) => sql`${encodeArray(part.map(({ row }) => row[index] ?? null))}::${sql.raw(type)}[]`,
  )
  const versions = sql`${encodeArray(part.map(({ expectedVersion }) => expectedVersion))}::bigint[]`
  const names = columns.map(({ name }) => sql.ref(name))
  return sql`unnest(${sql.join([...values, versions])}) with ordinality
    as source(${sql.join(names)}, expected_version, place)`
}

function areEqual(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(
    columns.map((column) => sql`stored.${sql.ref(column)} = source.${sql.ref(column)}`),
    sql` and `,
  )
}

function pick<Row>(table: Table<Row, string>, row: EncodedRow, columns: readonly string[]): EncodedRow {
  return table.columns.flatMap(({ name }, index) => (columns.includes(name) ? [row[index] ?? null] : []))
}

function partsOf(changes: readonly EncodedChange[]): readonly (readonly EncodedChange[])[] {
  const count = Math.ceil(changes.length / mostRows)
  return Array.from({ length: count }, (_, index) => changes.slice(index * mostRows, (index + 1) * mostRows))
}
