import { Igny8Error } from '@igny8/core'
import parseDate from 'postgres-date'
import { checkPlainJson } from './check-plain-json.ts'
import { decodeText, encodeText } from './text-codec.ts'

/** How a value stands in a column. Everything crosses to the database and back as text; `null` is never handed in. */
export interface Codec<Value> {
  /** Its type in SQL. */
  readonly type: string
  encode(value: Value): string
  decode(text: string): unknown
}

export const text: Codec<string> = {
  type: 'text',
  encode(value) {
    if (typeof value !== 'string') throw notPlain(`${typeof value} where a text belongs`)
    return encodeText(value)
  },
  decode: decodeText,
}

export const integer: Codec<number> = {
  type: 'bigint',
  encode(value) {
    if (!Number.isSafeInteger(value)) throw notPlain('a number where an integer belongs')
    return String(value)
  },
  decode: Number,
}

export const flag: Codec<boolean> = {
  type: 'boolean',
  encode: (value) => (value ? 't' : 'f'),
  decode: (stored) => stored === 't',
}

export const instant: Codec<Date> = { type: 'timestamptz', encode: encodeInstant, decode: decodeInstant }

/** An exact decimal, handed in and out as text. */
export const decimal: Codec<string> = {
  type: 'numeric',
  encode(value) {
    if (/^-?\d{1,40}(\.\d{1,40})?$/.test(value)) return value
    throw new Igny8Error({ code: 'INVALID_INPUT', message: 'An amount is not a decimal number.' })
  },
  decode: (stored) => stored,
}

/** Nested plain data. Kept as `json`, which gives back every text as it came; `jsonb` refuses NUL and halves of surrogate pairs. */
export const json: Codec<object> = {
  type: 'json',
  encode(value) {
    checkPlainJson(value)
    return JSON.stringify(value)
  },
  decode: (stored) => JSON.parse(stored) as unknown,
}

/** Nested data in which the members of these names are instants. */
export function jsonWithInstants(...names: readonly string[]): Codec<object> {
  return {
    type: 'json',
    encode: (value) => json.encode(JSON.parse(JSON.stringify(value)) as object),
    decode: (stored) =>
      JSON.parse(stored, (name, value: unknown) =>
        names.includes(name) && typeof value === 'string' ? new Date(value) : value,
      ) as unknown,
  }
}

/** An instant as PostgreSQL reads it, years beyond four digits and before our era too. */
export function encodeInstant(date: Date): string {
  const year = date instanceof Date ? date.getUTCFullYear() : Number.NaN
  if (Number.isNaN(year)) throw notPlain('an invalid date')
  if (year < -4712) throw notPlain('a date before 4713 BC')
  const iso = date.toISOString()
  if (year > 0 && year <= 9999) return iso
  const rest = iso.slice(year === 0 ? 4 : 7)
  return year > 0 ? `${year}${rest}` : `${String(1 - year).padStart(4, '0')}${rest} BC`
}

function decodeInstant(stored: string): Date {
  const date = parseDate(stored)
  if (date instanceof Date) return date
  throw new Igny8Error({ code: 'STORAGE_FAILED', message: 'A stored instant cannot be read.' })
}

function notPlain(found: string): Igny8Error {
  return new Igny8Error({
    code: 'STORAGE_FAILED',
    message: `A row holds ${found}, which cannot be stored.`,
    hint: 'Store strings, integers, booleans, null, dates, and arrays and plain objects of them.',
  })
}
