import { type Clock, type Igny8, isIgny8Error, type Logger } from '@igny8/core'
import { createSilentLogger, createSystemClock, describeFailure } from '@igny8/core/adapter-kit'
import { answerOperation } from './answer-operation.ts'
import { answerProblem } from './answer-problem.ts'
import { checkHandlerOptions } from './check-handler-options.ts'
import { createDocuments } from './create-documents.ts'
import { createMemoryIdempotencyStore, type IdempotencyStore } from './idempotency-store.ts'
import { createRouter } from './match-route.ts'
import type { Operation } from './operation.ts'
import { listOperations } from './operations.ts'
import { describeProblem, httpError } from './problem.ts'
import { refuseCrossSite } from './refuse-cross-site.ts'
import { requestIdOf } from './request-id.ts'
import { createWebhookDoor, type WebhookDoor } from './webhook-door.ts'

/** Who calls. */
export interface Identity {
  readonly accountId: string
  /** Who it is inside the account, for events and histories. */
  readonly actor?: string | undefined
  /** Whether they may change what holds for all accounts. */
  readonly operator?: boolean | undefined
}

/** What a server knows of a request besides the request. */
export interface Connection {
  readonly clientAddress?: string | undefined
}

/** An answered request, for logs and metrics. */
export interface AnsweredRequest {
  readonly requestId: string
  readonly method: string
  /** Of the document; `null` where nothing fits. A label that is safe to count by, as a path is not. */
  readonly operationId: string | null
  readonly status: number
  readonly accountId: string | null
  readonly durationMs: number
}

/** How the API is mounted: only who calls must be told. */
export interface HttpHandlerOptions {
  /** Who calls, or nothing for nobody: 401. The host's own sessions, keys or tokens. Must not read the body. */
  authenticate(request: Request): Promise<Identity | null | undefined> | Identity | null | undefined
  /** Who a webhook comes from, as the host trusts to know it. @default what the server says */
  clientAddress?(request: Request, connection: Connection): string | undefined
  /** @default '/api/v1' */
  readonly basePath?: string
  /** In bytes. @default 8 MiB */
  readonly maxBodyBytes?: number
  /** Mounts `platform/ai/`, for operators. @default false */
  readonly platform?: boolean
  /** Serves a page to read and try the API, at `docs/`; for everybody, as `openapi.json` is. @default false */
  readonly docs?: boolean
  /** Other origins whose pages may write with cookies, such as `https://app.example.com`. */
  readonly trustedOrigins?: readonly string[]
  /** @default in this process */
  readonly idempotency?: IdempotencyStore
  readonly clock?: Clock
  /** @default silent */
  readonly logger?: Logger
  /** Called after each answer. */
  onAnswer?(answered: AnsweredRequest): void
}

/** Answers one request. Never rejects. */
export interface HttpHandler {
  (request: Request, connection?: Connection): Promise<Response>
  /** Answers webhooks as the function does, at less cost, for a server that has no `Request` yet. A function of the host around this one may leave it out. */
  readonly webhookDoor?: WebhookDoor
}

/**
 * The HTTP API as one function, for any server that speaks `Request` and `Response`; for Express see `@igny8/http/express`. Throws `INVALID_INPUT` for options that are none.
 *
 * @example
 * const handle = createHttpHandler(igny8, { authenticate: async (request) => findAccount(request.headers.get('authorization')) })
 */
export function createHttpHandler(igny8: Igny8, options: HttpHandlerOptions): HttpHandler {
  checkHandlerOptions(igny8, options)
  const { clock = createSystemClock(), logger = createSilentLogger(), maxBodyBytes = 8 * 1_024 * 1_024 } = options
  const basePath = (options.basePath ?? '/api/v1').replace(/\/+$/, '')
  const idempotency = options.idempotency ?? createMemoryIdempotencyStore()
  const operations = listOperations({ platform: options.platform ?? false })
  const findRoute = createRouter(operations)
  const answerDocument = createDocuments(operations, basePath, options.docs ?? false)

  function findOperation(request: Request, path: string): { operation?: Operation; allowed: string; path: Route } {
    const route = findRoute(path)
    if (route === undefined) throw routeNotFound()
    const methods = [...route.operations.keys()]
    const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
    const operation = route.operations.get(request.method === 'HEAD' ? 'GET' : request.method)
    return { ...(operation === undefined ? {} : { operation }), allowed, path: route.path }
  }

  async function answer(request: Request, connection: Connection, about: Trace): Promise<Response> {
    const url = new URL(request.url)
    if (!url.pathname.startsWith(`${basePath}/`)) throw routeNotFound()
    const below = url.pathname.slice(basePath.length + 1)
    const documented = await answerDocument(request.method, below)
    if (documented !== undefined) return documented
    const { operation, allowed, path } = findOperation(request, below)
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow: allowed } })
    if (operation === undefined) {
      about.headers = { allow: allowed }
      throw httpError('METHOD_NOT_ALLOWED', {
        message: `${request.method} is not a method of this path.`,
        hint: `Use one of: ${allowed}.`,
      })
    }
    about.operationId = operation.id
    if (operation.isPublic) {
      const clientAddress =
        options.clientAddress === undefined ? connection.clientAddress : options.clientAddress(request, connection)
      const call = { igny8, path, request, clientAddress, requestId: about.requestId }
      return (operation.handle as unknown as (call: unknown) => Promise<Response>)(call)
    }
    const identity = await options.authenticate(request)
    if (identity === null || identity === undefined) throw unauthenticated()
    about.accountId = identity.accountId
    refuseCrossSite(request, options.trustedOrigins ?? [])
    if (operation.isPlatformWide && identity.operator !== true) throw forbidden()
    return answerOperation(operation, {
      igny8,
      identity,
      request,
      url,
      path,
      below: basePath,
      maxBodyBytes,
      idempotency,
      clock,
      explain(error) {
        logUnexpected(error, about.requestId)
        return describeProblem(error, about.requestId)
      },
    })
  }

  function logUnexpected(error: unknown, requestId: string): void {
    if (!isIgny8Error(error) || error.code === 'INTERNAL')
      logger.error('A request failed.', { requestId, ...describeFailure(error) })
  }

  /** Counts an answer from here on; what comes back is called at its end. */
  function begin(about: Trace, method: string): (status: number) => void {
    const startedMs = clock.now().getTime()
    return (status) => {
      const { requestId, operationId, accountId } = about
      const durationMs = clock.now().getTime() - startedMs
      options.onAnswer?.({ requestId, method, operationId, status, accountId, durationMs })
    }
  }

  async function handle(request: Request, connection: Connection = {}): Promise<Response> {
    const about: Trace = { requestId: requestIdOf(request.headers), operationId: null, accountId: null, headers: {} }
    const end = begin(about, request.method)
    const answered = await answer(request, connection, about).catch((error: unknown) => {
      logUnexpected(error, about.requestId)
      const { requestId, headers } = about
      return answerProblem(error, { requestId, headers, isConditional: request.headers.has('if-match') })
    })
    const { headers } = answered
    headers.set('x-request-id', about.requestId)
    headers.set('x-content-type-options', 'nosniff')
    if (!headers.has('cache-control'))
      headers.set('cache-control', headers.has('etag') ? 'private, no-cache' : 'no-store')
    end(answered.status)
    if (request.method !== 'HEAD') return answered
    await answered.body?.cancel()
    return new Response(null, { status: answered.status, headers })
  }

  const webhookDoor = createWebhookDoor({
    igny8,
    basePath,
    logUnexpected,
    addressOf: ({ clientAddress, toRequest }) =>
      options.clientAddress === undefined ? clientAddress : options.clientAddress(toRequest(), { clientAddress }),
    begin: (requestId) => begin({ requestId, operationId: 'receiveWebhook', accountId: null, headers: {} }, 'POST'),
  })
  return Object.assign(handle, { webhookDoor })
}

type Route = Readonly<Record<string, string>>

interface Trace {
  readonly requestId: string
  operationId: string | null
  accountId: string | null
  headers: Readonly<Record<string, string>>
}

function routeNotFound() {
  return httpError('ROUTE_NOT_FOUND', {
    message: 'There is no such path.',
    hint: 'See openapi.json for all there are.',
  })
}

function unauthenticated() {
  return httpError('UNAUTHENTICATED', {
    message: 'The request names no account.',
    hint: 'Log in, or send the key of an account as the host asks for it.',
  })
}

function forbidden() {
  return httpError('FORBIDDEN', {
    message: 'This holds for all accounts, and is for operators only.',
    hint: 'Ask an operator of the platform, or use the settings of the account: ai/settings/.',
  })
}
