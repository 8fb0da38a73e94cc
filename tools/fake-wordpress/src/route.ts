import type { Arguments, Parameters } from './check-parameters.ts'
import type { FakeSite } from './fake-site.ts'
import type { RestAnswer } from './rest-answer.ts'
import type { FieldTree } from './select-fields.ts'
import type { UserRow } from './site-state.ts'

/** One call of a route, with its parameters read. */
export interface RouteCall {
  readonly site: FakeSite
  /** Writes set the context to `edit`, which the `Allow` header then shows. */
  readonly parameters: Parameters
  readonly fields: FieldTree | null
  readonly user: UserRow | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface Endpoint {
  readonly schema: Arguments
  /** `null` where the user may; asked for the `Allow` header too. */
  readonly permission: (call: RouteCall) => RestAnswer | null
  readonly run: (call: RouteCall) => RestAnswer
}

export interface Route {
  readonly takesBatch: boolean
  readonly read?: Endpoint
  readonly create?: Endpoint
  readonly update?: Endpoint
  readonly remove?: Endpoint
  /** From the address, such as the id. */
  readonly parameters: Parameters
}

/** 401 to those who are not logged in, 403 to the others. */
export function refusalStatus(user: UserRow | null): number {
  return user === null ? 401 : 403
}

export const contextArgument = {
  type: 'string',
  values: ['view', 'embed', 'edit'],
  first: true,
  fallback: 'view',
} as const

export const pageArguments = {
  context: contextArgument,
  page: { type: 'integer', minimum: 1, first: true, fallback: 1 },
  per_page: { type: 'integer', minimum: 1, maximum: 100, first: true, fallback: 10 },
  search: { type: 'string', first: true },
} as const satisfies Arguments

export const idList = { type: 'array', items: { type: 'integer' } } as const

export function numberOf(parameters: Parameters, name: string): number {
  const value = parameters[name]
  return typeof value === 'number' ? value : Math.trunc(Number(value)) || 0
}

export function textOf(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name]
  return typeof value === 'string' ? value : undefined
}

export function numbersOf(parameters: Parameters, name: string): readonly number[] {
  const value = parameters[name]
  return Array.isArray(value) ? (value as readonly number[]) : []
}
