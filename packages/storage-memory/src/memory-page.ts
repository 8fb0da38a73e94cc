import { Igny8Error, type Page, type PageQuery } from '@igny8/core'

/** Numbers and strings, compared one after the other. */
type SortKey = readonly (string | number)[]

/** A total order of rows: the last part of the key tells all rows apart. */
export interface Order<Row> {
  /** Ties a cursor to its list. */
  readonly name: string
  readonly key: (row: Row) => SortKey
  /** @default 'asc' */
  readonly direction?: 'asc' | 'desc'
}

/** The slice of `rows` that the query asks for. */
export function pageOf<Row>(rows: readonly Row[], query: PageQuery, order: Order<Row>): Page<Row> {
  checkLimit(query.limit, 500)
  const sign = order.direction === 'desc' ? -1 : 1
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, order.name)
  const entries = rows.map((row) => ({ row, key: order.key(row) }))
  const rest = cursor === undefined ? entries : entries.filter(({ key }) => sign * compareKeys(key, cursor) > 0)
  rest.sort((left, right) => sign * compareKeys(left.key, right.key))
  const page = rest.slice(0, query.limit)
  const last = rest.length > page.length ? page.at(-1) : undefined
  return {
    items: page.map(({ row }) => row),
    nextCursor: last === undefined ? null : writeCursor(order.name, last.key),
  }
}

/** The first `limit` rows, by ascending key. */
export function firstOf<Row>(rows: readonly Row[], limit: number, { key }: Pick<Order<Row>, 'key'>): readonly Row[] {
  checkLimit(limit, Number.MAX_SAFE_INTEGER)
  const entries = rows.map((row) => ({ row, key: key(row) }))
  entries.sort((left, right) => compareKeys(left.key, right.key))
  return entries.slice(0, limit).map(({ row }) => row)
}

function checkLimit(limit: number, most: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return
  throw new Igny8Error({
    code: 'INVALID_INPUT',
    message: `The limit ${String(limit)} is out of range.`,
    hint: 'Ask for 1 to 500 rows, and for more by `nextCursor`.',
  })
}

function compareKeys(left: SortKey, right: SortKey): number {
  for (const [index, part] of left.entries()) {
    const other = right[index]
    if (typeof part !== typeof other || other === undefined) throw malformedCursor()
    if (part === other) continue
    if (typeof part === 'string' && typeof other === 'string') return compareTexts(part, other)
    return part < other ? -1 : 1
  }
  return 0
}

/** By their code points, as databases do: JavaScript itself puts those above U+FFFF, which take two units, before the last ones below it. */
function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const [unit, other] = [left.charCodeAt(index), right.charCodeAt(index)]
    if (unit !== other) return rankOf(unit) - rankOf(other)
  }
  return left.length - right.length
}

/** Halves of pairs rank after all other units. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

function writeCursor(name: string, key: SortKey): string {
  return Buffer.from(JSON.stringify([name, ...key])).toString('base64url')
}

function readCursor(cursor: string, name: string): SortKey {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch (error) {
    throw malformedCursor(error)
  }
  if (!Array.isArray(parts) || parts[0] !== name) throw malformedCursor()
  const key: SortKey = parts.slice(1)
  if (writeCursor(name, key) !== cursor) throw malformedCursor()
  return key
}

function malformedCursor(cause?: unknown): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: 'The cursor is not one of this list.',
    hint: 'Pass `nextCursor` of the page before, with the same sorting, or start without a cursor.',
    cause,
  })
}
