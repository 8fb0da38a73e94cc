import { type RestAnswer, refusal } from './rest-answer.ts'
import type { UserRow } from './site-state.ts'

/** What a client sent under one name: text from a query, anything from JSON. */
export type Parameters = Record<string, unknown>

/** The schema of one parameter, as far as routes of the fake need it. */
export interface Argument {
  readonly type: 'integer' | 'string' | 'boolean' | 'array' | 'object' | 'any'
  /** Of an array's entries. */
  readonly items?: Argument
  readonly values?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maximumItems?: number
  readonly isDate?: boolean
  readonly mayBeNull?: boolean
  readonly required?: boolean
  readonly fallback?: unknown
  readonly properties?: Readonly<Record<string, Argument>>
  /** Checked in the order of the schema, before those that are checked while they are read in the order of the request. */
  readonly first?: boolean
  /** In place of the check by type. */
  readonly check?: (value: unknown, context: CheckContext) => ParameterProblem | null
  /** In place of the reading by type. */
  readonly read?: (value: unknown) => unknown
}

export type Arguments = Readonly<Record<string, Argument>>

export interface CheckContext {
  readonly user: UserRow | null
  readonly parameters: Parameters
}

export interface ParameterProblem {
  readonly code?: string
  readonly message: string
  readonly data?: unknown
}

/** Checks and reads the parameters of a request, or answers as WordPress refuses them. Unknown ones pass as they are. */
export function readParameters(sent: Parameters, schema: Arguments, user: UserRow | null): Parameters | RestAnswer {
  const context = { user, parameters: sent }
  const missing: string[] = []
  const problems: [string, ParameterProblem][] = []
  for (const name in schema) {
    const argument = schema[name]
    const value = sent[name]
    if (argument === undefined) continue
    if (value === undefined || value === null) {
      if (argument.required && argument.fallback === undefined) missing.push(name)
    } else if (argument.first) {
      const problem = checkArgument(value, argument, name, context)
      if (problem !== null) problems.push([name, problem])
    }
  }
  if (missing.length > 0) return refuseMissing(missing)
  if (problems.length > 0) return refuseParameters(problems)
  const values: Parameters = {}
  for (const name in schema) {
    const fallback = schema[name]?.fallback
    if (fallback !== undefined) values[name] = fallback
  }
  for (const name in sent) {
    const argument = Object.hasOwn(schema, name) ? schema[name] : undefined
    const value = sent[name]
    if (argument === undefined) {
      values[name] = value
      continue
    }
    const problem = argument.first ? null : checkArgument(value, argument, name, context)
    if (problem !== null) problems.push([name, problem])
    else values[name] = readArgument(value, argument)
  }
  return problems.length > 0 ? refuseParameters(problems) : values
}

export function isRefused(read: Parameters | RestAnswer): read is RestAnswer {
  return 'status' in read && 'headers' in read && 'body' in read && typeof read.status === 'number'
}

function refuseMissing(names: readonly string[]): RestAnswer {
  const message = `Missing parameter(s): ${names.join(', ')}`
  return refusal(400, 'rest_missing_callback_param', message, { params: names })
}

function refuseParameters(problems: readonly (readonly [string, ParameterProblem])[]): RestAnswer {
  const message = `Invalid parameter(s): ${problems.map(([name]) => name).join(', ')}`
  const details = problems.filter(([, problem]) => problem.code !== undefined)
  return refusal(400, 'rest_invalid_param', message, {
    params: Object.fromEntries(problems.map(([name, problem]) => [name, problem.message])),
    // PHP writes an empty map as an empty list.
    details:
      details.length === 0
        ? []
        : Object.fromEntries(
            details.map(([name, { code, message, data }]) => [name, { code, message, data: data ?? null }]),
          ),
  })
}

function checkArgument(
  value: unknown,
  argument: Argument,
  name: string,
  context: CheckContext,
): ParameterProblem | null {
  if (argument.check !== undefined) return argument.check(value, context)
  return checkValue(value, argument, name)
}

/** WordPress's `rest_validate_value_from_schema`. */
export function checkValue(value: unknown, argument: Argument, name: string): ParameterProblem | null {
  if (value === null && argument.mayBeNull) return null
  switch (argument.type) {
    case 'any':
      return null
    case 'integer':
      return isInteger(value) ? checkBounds(Number(value), argument, name) : wrongType(name, 'integer')
    case 'boolean':
      return isBoolean(value) ? null : wrongType(name, 'boolean')
    case 'string':
      return checkString(value, argument, name)
    case 'array':
      return checkList(value, argument, name)
    case 'object':
      return checkObject(value, argument, name)
  }
}

function checkString(value: unknown, argument: Argument, name: string): ParameterProblem | null {
  if (typeof value !== 'string') {
    if (argument.mayBeNull) {
      const message = `${name} is not of type string,null.`
      return { code: 'rest_invalid_type', message, data: { param: name } }
    }
    return wrongType(name, 'string')
  }
  if (argument.values !== undefined && !argument.values.includes(value)) {
    return {
      code: 'rest_not_in_enum',
      message: `${name} is not ${argument.values.length === 1 ? '' : 'one of '}${listWords(argument.values)}.`,
    }
  }
  if (argument.isDate && !isDate(value)) return { code: 'rest_invalid_date', message: 'Invalid date.' }
  return null
}

function checkList(value: unknown, argument: Argument, name: string): ParameterProblem | null {
  const entries = asList(value)
  if (entries === null) return wrongType(name, 'array')
  const { items, maximumItems } = argument
  for (const [index, entry] of entries.entries()) {
    const problem = items === undefined ? null : checkValue(entry, items, `${name}[${index}]`)
    if (problem !== null) return problem
  }
  if (maximumItems !== undefined && entries.length > maximumItems) {
    return { code: 'rest_too_many_items', message: `${name} must contain at most ${maximumItems} items.` }
  }
  return null
}

function checkObject(value: unknown, argument: Argument, name: string): ParameterProblem | null {
  if (!isObject(value) && !(Array.isArray(value) && value.length === 0)) return wrongType(name, 'object')
  for (const [key, property] of Object.entries(argument.properties ?? {})) {
    const inner = (value as Parameters)[key]
    if (inner === undefined) {
      if (!property.required) continue
      return { code: 'rest_property_required', message: `${key} is a required property of ${name}.` }
    }
    const problem = checkValue(inner, property, `${name}[${key}]`)
    if (problem !== null) return problem
  }
  return null
}

function checkBounds(value: number, { minimum, maximum }: Argument, name: string): ParameterProblem | null {
  if ((minimum === undefined || value >= minimum) && (maximum === undefined || value <= maximum)) return null
  const limits =
    minimum !== undefined && maximum !== undefined
      ? `must be between ${minimum} (inclusive) and ${maximum} (inclusive)`
      : minimum === undefined
        ? `must be less than or equal to ${maximum}`
        : `must be greater than or equal to ${minimum}`
  return { code: 'rest_out_of_bounds', message: `${name} ${limits}` }
}

function wrongType(name: string, type: string): ParameterProblem {
  return { code: 'rest_invalid_type', message: `${name} is not of type ${type}.`, data: { param: name } }
}

/** WordPress's `rest_sanitize_value_from_schema`. */
export function readArgument(value: unknown, argument: Argument): unknown {
  if (argument.read !== undefined) return argument.read(value)
  if (value === null && argument.mayBeNull) return null
  switch (argument.type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : Math.trunc(Number(value)) || 0
    case 'string':
      return value === null || value === undefined ? '' : String(value)
    case 'boolean':
      return value === true || value === 1 || (typeof value === 'string' && value === '1') || value === 'true'
    case 'array': {
      const entries = asList(value) ?? []
      const { items } = argument
      return items === undefined ? entries : entries.map((entry) => readArgument(entry, items))
    }
    case 'object':
    case 'any':
      return value
  }
}

/** A list, or what a query writes in its place: words parted by commas and spaces. */
export function asList(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((word) => word !== '')
  if (typeof value === 'number' || typeof value === 'boolean') return [value]
  if (isObject(value)) return Object.values(value)
  return null
}

export function isObject(value: unknown): value is Parameters {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isInteger(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value)
  return typeof value === 'string' && /^\s*[+-]?\d+(?:\.0*)?\s*$/.test(value)
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean' || value === 0 || value === 1 || /^(?:true|false|1|0|)$/i.test(String(value))
}

function isDate(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}(?::\d{2})?)?$/.test(value)
}

function listWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  if (words.length === 2) return words.join(' and ')
  return `${words.slice(0, -1).join(', ')}, and ${words.at(-1)}`
}
