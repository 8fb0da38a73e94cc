import type { Account, Clock, Igny8, Page } from '@igny8/core'
import * as z from 'zod'
import type { Problem } from './problem.ts'

/** Names in a path template: `sites/{siteId}/` has `siteId`. */
type PathNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathNames<Rest>
  : never

/** One call of an operation, checked and in the SDK's names. */
export interface Call<Names extends string = string, Query = unknown, Body = unknown> {
  readonly igny8: Igny8
  readonly account: Account
  readonly path: Readonly<Record<Names, string>>
  readonly query: Query
  readonly body: Body
  /** Of `If-Match`, or of the body; `undefined` where the caller named none. */
  readonly version: number | undefined
  /** Who acts, as `authenticate` says. */
  readonly actor: string | undefined
  /** Aborts with the client. For reading and generating; what changes a site goes on without it. */
  readonly signal: AbortSignal
  readonly request: Request
  readonly clock: Clock
  /** What a caller may know of a failure after the answer has begun; what is to be looked into is logged. */
  explain(error: unknown): Problem
}

/** A call without a login. */
export interface PublicCall<Names extends string = string> extends Pick<Call<Names>, 'igny8' | 'path' | 'request'> {
  readonly clientAddress: string | undefined
  readonly requestId: string
}

/** A row of the table that everything is made of: routes, checks, names on the wire, and the OpenAPI document. */
export interface Operation {
  /** Unique; `operationId` of the document. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the base path, with a trailing slash. Names of parameters as in the SDK. */
  readonly path: string
  readonly summary: string
  readonly tag: string
  readonly query: z.ZodObject
  readonly body: z.ZodType
  /** Of one item where it is a list. */
  readonly answer: z.ZodType | undefined
  readonly status: 200 | 201 | 202 | 204
  readonly isList: boolean
  /** Whether it takes an `Idempotency-Key`. Not where a credential comes or goes: nothing of it is to be kept. */
  readonly idempotent: boolean
  /** Whether it writes on a version: `required` refuses without one. `current` is what `If-Match: *` stands for. */
  readonly precondition: { readonly version: 'required' | 'optional'; current(call: Call): Promise<number> } | undefined
  /** The version that the ETag is made of. */
  readonly versionOf: ((answer: never) => number | undefined) | undefined
  /** Where what was made is to be found. */
  readonly locationOf: ((answer: never, call: Call) => string) | undefined
  /** For operators only: it holds for all accounts. */
  readonly isPlatformWide: boolean
  /** Media type of an answer that is no JSON. */
  readonly streams: string | undefined
  /** Whether it is called without a login, by the sites: it reads the request itself. */
  readonly isPublic: boolean
  handle(call: Call<never, never, never>): Promise<unknown>
}

interface OperationInput<Path extends string, Query extends z.ZodObject, Body extends z.ZodType, Answer>
  extends Pick<Operation, 'id' | 'method' | 'summary' | 'tag'>,
    Partial<Pick<Operation, 'status' | 'idempotent' | 'isPlatformWide'>> {
  readonly path: Path
  readonly query?: Query
  readonly body?: Body
  readonly precondition?: {
    readonly version: 'required' | 'optional'
    current(call: Call<PathNames<Path>>): Promise<number>
  }
  versionOf?(answer: Answer): number | undefined
  locationOf?(answer: Answer, call: Call<PathNames<Path>>): string
}

type HandledCall<Path extends string, Query extends z.ZodObject, Body extends z.ZodType> = Call<
  PathNames<Path>,
  z.output<Query>,
  z.output<Body>
>

const nothing = z.strictObject({})

/** An operation that answers with one thing, or with nothing (204). */
export function operation<
  const Path extends string,
  Query extends z.ZodObject = typeof nothing,
  Body extends z.ZodType = typeof nothing,
  Answer extends z.ZodType = z.ZodUndefined,
>(
  given: OperationInput<Path, Query, Body, z.input<Answer>> & {
    readonly answer?: Answer
    handle(call: HandledCall<Path, Query, Body>): Promise<z.input<Answer>>
  },
): Operation {
  return complete({ ...given, isList: false, answer: given.answer })
}

/** An edit: PUT, and PATCH which is the same, as what is not named stays. Named `update` and `patch` and then `name`. */
export function editOperations<const Path extends string, Body extends z.ZodType, Answer extends z.ZodType>(
  given: Omit<OperationInput<Path, typeof nothing, Body, z.input<Answer>>, 'id' | 'method'> & {
    readonly name: string
    readonly answer: Answer
    handle(call: HandledCall<Path, typeof nothing, Body>): Promise<z.input<Answer>>
  },
): readonly Operation[] {
  const { name, ...rest } = given
  return [
    operation<Path, typeof nothing, Body, Answer>({ ...rest, id: `update${name}`, method: 'PUT' }),
    operation<Path, typeof nothing, Body, Answer>({
      ...rest,
      id: `patch${name}`,
      method: 'PATCH',
      summary: 'The same as PUT',
    }),
  ]
}

/** Query of every list. */
export const pageQuery = z.strictObject({ limit: z.int().min(1).max(500).optional(), cursor: z.string().optional() })

/** An operation that answers with a page. Where `handle` gives no `count`, the wire says null. */
export function listOperation<
  const Path extends string,
  Item extends z.ZodType,
  Query extends z.ZodObject = typeof nothing,
>(
  given: Omit<OperationInput<Path, Query, typeof nothing, never>, 'method' | 'body'> & {
    readonly item: Item
    handle(
      call: HandledCall<Path, Query, typeof nothing> & { readonly page: z.output<typeof pageQuery> },
    ): Promise<Page<z.input<Item>> & { readonly count?: number | null }>
  },
): Operation {
  const { item, query, ...rest } = given
  return complete({
    ...rest,
    query: z.strictObject({ ...query?.shape, ...pageQuery.shape }),
    method: 'GET',
    isList: true,
    answer: item,
    handle: ({ query: all, ...call }: { readonly query: z.output<typeof pageQuery> }) => {
      const { limit, cursor, ...own } = all
      const page = { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) }
      return given.handle({ ...call, query: own, page } as never)
    },
  })
}

/** An operation that streams its answer. */
export function streamOperation<const Path extends string, Body extends z.ZodType = typeof nothing>(
  given: OperationInput<Path, typeof nothing, Body, Response> & {
    readonly streams: string
    handle(call: HandledCall<Path, typeof nothing, Body>): Promise<Response>
  },
): Operation {
  return complete({ ...given, isList: false, answer: undefined })
}

/** An operation that is called without a login, and reads the request itself. Its `body` is for the document. */
export function publicOperation<const Path extends string>(
  given: Pick<
    OperationInput<Path, typeof nothing, z.ZodType, never>,
    'id' | 'method' | 'path' | 'summary' | 'tag' | 'body'
  > & {
    readonly status: 200 | 202
    /** Media type of an answer that is no JSON. */
    readonly streams?: string
    handle(call: PublicCall<PathNames<Path>>): Promise<Response>
  },
): Operation {
  return complete({ ...given, isList: false, answer: undefined, isPublic: true })
}

function complete(given: {
  readonly id: string
  readonly method: Operation['method']
  readonly path: string
  readonly summary: string
  readonly tag: string
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly answer: z.ZodType | undefined
  readonly isList: boolean
  readonly status?: Operation['status']
  readonly idempotent?: boolean
  readonly isPlatformWide?: boolean
  readonly streams?: string
  readonly isPublic?: boolean
  readonly precondition?: unknown
  readonly versionOf?: unknown
  readonly locationOf?: unknown
  readonly handle: unknown
}): Operation {
  return {
    query: nothing,
    body: nothing,
    status: given.answer === undefined && given.streams === undefined ? 204 : 200,
    idempotent: false,
    isPlatformWide: false,
    streams: undefined,
    isPublic: false,
    precondition: undefined,
    versionOf: undefined,
    locationOf: undefined,
    ...given,
  } as Operation
}
