import { Igny8Error } from '@igny8/core'
import type { Codec } from './column-codecs.ts'
import type { SqlRow } from './sql-database.ts'
import { decodeText } from './text-codec.ts'

/** `wpApiKey` → `wp_api_key`. */
export type SnakeCase<Text extends string> = Text extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${SnakeCase<Tail>}`
    : `_${Lowercase<Head>}${SnakeCase<Tail>}`
  : ''

type RowOf<Row> = Omit<Row, 'accountId'>

/** What a table is made of. The compiler asks for a column for every member of the row. */
export interface TableDefinition<Row, Derived extends string = never> {
  /** What its rows are called in errors. */
  readonly label: string
  /** Members that tell the rows of an account apart. */
  readonly key: readonly (keyof RowOf<Row> & string)[]
  readonly columns: { readonly [Name in keyof RowOf<Row> & string]-?: Codec<NonNullable<RowOf<Row>[Name]>> }
  /** Columns made from the row, for queries only. */
  readonly derived?: Readonly<Record<Derived, (row: Row) => string>>
}

/** One row as the texts of its columns, in the order of `Table.columns`. */
export type EncodedRow = readonly (string | null)[]

/** Rows of one kind, and how they stand in SQL. `account_id` is the first column of every table. */
export interface Table<Row, Derived extends string = never> {
  readonly label: string
  readonly key: readonly string[]
  /** Name and SQL type of every column but `account_id`. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Refuses a row of another account with `STORAGE_FAILED`. */
  encode(accountId: string, row: Row): EncodedRow
  decode(stored: SqlRow): Row
  /** For types only: the names of its columns. */
  readonly columnNames?: SnakeCase<(keyof RowOf<Row> & string) | Derived>
}

export function defineTable<Row extends object, Derived extends string = never>(
  definition: TableDefinition<Row, Derived>,
): Table<Row, Derived> {
  const members = Object.entries<Codec<never>>(definition.columns).map(([member, codec]) => ({
    member: member as keyof Row & string,
    name: toSnakeCase(member),
    codec: codec as Codec<unknown>,
  }))
  const derived = Object.entries<(row: Row) => string>(definition.derived ?? {})
  return {
    label: definition.label,
    key: definition.key.map(toSnakeCase),
    columns: [
      ...members.map(({ name, codec }) => ({ name, type: codec.type })),
      ...derived.map(([name]) => ({ name: toSnakeCase(name), type: 'text' })),
    ],
    encode(accountId, row) {
      if ('accountId' in row && row.accountId !== accountId) throw foreignRow(definition.label)
      const encoded: (string | null)[] = []
      for (const { member, codec } of members) {
        const value: unknown = row[member]
        encoded.push(value === null || value === undefined ? null : codec.encode(value))
      }
      for (const [, of] of derived) encoded.push(of(row))
      return encoded
    },
    decode(stored) {
      const row: Record<string, unknown> = {}
      for (const { member, name, codec } of members) {
        const value = stored[name]
        row[member] = value === null || value === undefined ? null : codec.decode(value)
      }
      return row as Row
    },
  }
}

/** The same for rows that carry their account. */
export function defineOwnedTable<Row extends { readonly accountId: string }, Derived extends string = never>(
  definition: TableDefinition<Row, Derived>,
): Table<Row, Derived> {
  const table = defineTable(definition)
  return { ...table, decode: (stored) => ({ ...table.decode(stored), accountId: ownerOf(stored) }) }
}

/** The account that a stored row belongs to. */
export function ownerOf(stored: SqlRow): string {
  return decodeText(stored.account_id ?? '')
}

function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function foreignRow(label: string): Igny8Error {
  return new Igny8Error({
    code: 'STORAGE_FAILED',
    message: `${label}: a row of another account was handed to this account's store.`,
  })
}
