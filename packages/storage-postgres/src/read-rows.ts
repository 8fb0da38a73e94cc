import type { Page } from '@igny8/core'
import { type Compilable, type RawBuilder, sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import { type PagedRead, pageOf } from './page-of.ts'
import type { Table } from './table.ts'
import { encodeArray, encodeText } from './text-codec.ts'

/** All rows of the query. It is compiled at once: what is changed after the call changes nothing. */
export async function readRows<Row>(
  { session }: AccountScope,
  table: Table<Row, string>,
  query: Compilable<unknown>,
): Promise<Row[]> {
  const compiled = query.compile()
  const { rows } = await session.read((connection) => connection.run(compiled))
  return rows.map(table.decode)
}

/** The first row of the query. */
export async function readRow<Row>(
  scope: AccountScope,
  table: Table<Row, string>,
  query: Compilable<unknown>,
): Promise<Row | undefined> {
  return (await readRows(scope, table, query))[0]
}

/** The rows of the query whose column is one of the texts; of none, the database is not asked. */
export async function readNamed<Row>(
  scope: AccountScope,
  table: Table<Row, string>,
  query: { where(condition: RawBuilder<boolean>): Compilable<unknown> },
  column: string,
  texts: readonly string[],
): Promise<Row[]> {
  return texts.length === 0 ? [] : readRows(scope, table, query.where(isOneOf(column, texts)))
}

/** One page of the query. */
export async function readPage<Tables, From extends keyof Tables, Selected, Row>(
  { session }: AccountScope,
  input: PagedRead<Tables, From, Selected, Row>,
): Promise<Page<Row>> {
  return session.read(pageOf(input))
}

/** The number in the column `count` of a query's only row. */
export async function readCount({ session }: AccountScope, query: Compilable<unknown>): Promise<number> {
  const compiled = query.compile()
  const { rows } = await session.read((connection) => connection.run(compiled))
  return Number(rows[0]?.count ?? 0)
}

/** How many rows a query finds. */
export const rowCount = sql<string>`count(*)`.as('count')

/** That the column is one of the texts; one parameter, however many they are. */
export function isOneOf(column: string, texts: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} = any(${encodeArray(texts.map(encodeText))}::text[])`
}
