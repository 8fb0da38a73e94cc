import { Igny8Error, type Page, type PageQuery } from '@igny8/core'
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { encodeInstant } from './column-codecs.ts'
import { execute, type SqlConnection, type SqlRow } from './sql-database.ts'
import { encodeText } from './text-codec.ts'

type SortValue = string | number

/** One part of a sort key. */
export interface SortColumn<Row> {
  readonly sql: RawBuilder<unknown>
  readonly value: (row: Row) => SortValue
  /** The value of a cursor as the database takes it. Throws where it is none. */
  readonly encode: (value: SortValue) => string
}

/** A total order of rows: the parts together tell all rows apart. */
export interface Order<Row> {
  /** Ties a cursor to its list. */
  readonly name: string
  readonly columns: readonly SortColumn<Row>[]
  /** @default 'asc' */
  readonly direction?: 'asc' | 'desc'
}

export function byText<Row>(column: string, value: (row: Row) => string): SortColumn<Row> {
  return { sql: sql.ref(column), value, encode: (part) => encodeText(expectText(part)) }
}

export function byInstant<Row>(column: string, value: (row: Row) => Date): SortColumn<Row> {
  return {
    sql: sql.ref(column),
    value: (row) => value(row).getTime(),
    encode: (part) => encodeInstant(new Date(expectInteger(part))),
  }
}

export function byInteger<Row>(expression: RawBuilder<unknown>, value: (row: Row) => number): SortColumn<Row> {
  return { sql: expression, value, encode: (part) => String(expectInteger(part)) }
}

/** What a list is read with. `From` and `Selected` are the query builder's own. */
export interface PagedRead<Tables, From extends keyof Tables, Selected, Row> {
  readonly query: SelectQueryBuilder<Tables, From, Selected>
  readonly page: PageQuery
  readonly order: Order<Row>
  readonly decode: (stored: SqlRow) => Row
}

/** Makes the read of one page. Checks limit and cursor at once, and throws `INVALID_INPUT` for what it never gave. */
export function pageOf<Tables, From extends keyof Tables, Selected, Row>({
  query,
  page,
  order,
  decode,
}: PagedRead<Tables, From, Selected, Row>): (connection: SqlConnection) => Promise<Page<Row>> {
  checkLimit(page.limit, 500)
  const { columns, name } = order
  const keys = columns.map((column) => column.sql)
  const isDescending = order.direction === 'desc'
  let bounded = query
  if (page.cursor !== undefined) {
    const cursor = readCursor(page.cursor, order)
    const comparison = isDescending ? sql`<` : sql`>`
    bounded = bounded.where(sql<boolean>`(${sql.join(keys)}) ${comparison} (${sql.join(cursor)})`)
  }
  for (const key of keys) bounded = bounded.orderBy(key, isDescending ? 'desc' : 'asc')
  const compiled = bounded.limit(page.limit + 1)
  return async (connection) => {
    const { rows } = await execute(connection, compiled)
    const items = rows.slice(0, page.limit).map(decode)
    const last = rows.length > page.limit ? items.at(-1) : undefined
    const nextCursor =
      last === undefined
        ? null
        : writeCursor(
            name,
            columns.map((column) => column.value(last)),
          )
    return { items, nextCursor }
  }
}

/** Throws `INVALID_INPUT` unless the limit is a whole number from 1 on. */
export function checkLimit(limit: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= most) return
  throw new Igny8Error({
    code: 'INVALID_INPUT',
    message: `The limit ${String(limit)} is out of range.`,
    hint: 'Ask for 1 to 500 rows, and for more by `nextCursor`.',
  })
}

export function writeCursor(name: string, key: readonly SortValue[]): string {
  return Buffer.from(JSON.stringify([name, ...key])).toString('base64url')
}

export function readCursor<Row>(
  cursor: string,
  { name, columns }: Pick<Order<Row>, 'name' | 'columns'>,
): readonly string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(parts) || parts[0] !== name || parts.length !== columns.length + 1) throw malformedCursor()
    const key = parts.slice(1) as SortValue[]
    if (writeCursor(name, key) !== cursor) throw malformedCursor()
    return columns.map((column, index) => column.encode(key[index] ?? ''))
  } catch (error) {
    throw malformedCursor(error)
  }
}

function expectText(part: SortValue): string {
  if (typeof part !== 'string') throw malformedCursor()
  return part
}

function expectInteger(part: SortValue): number {
  if (!Number.isSafeInteger(part)) throw malformedCursor()
  return Number(part)
}

function malformedCursor(cause?: unknown): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: 'The cursor is not one of this list.',
    hint: 'Pass `nextCursor` of the page before, with the same sorting, or start without a cursor.',
    cause,
  })
}
