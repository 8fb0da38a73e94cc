import type { Clock, Igny8, Page } from '@igny8/core'
import { answerOnce } from './answer-once.ts'
import type { Identity } from './create-http-handler.ts'
import type { IdempotencyStore, KeptAnswer } from './idempotency-store.ts'
import { nameFieldOnWire } from './name-field-on-wire.ts'
import type { Call, Operation } from './operation.ts'
import { linkPages, readPosition } from './page-links.ts'
import { parseJsonBody } from './parse-json-body.ts'
import { hasVersion, mapVersionToEtag, readPrecondition } from './preconditions.ts'
import { httpError } from './problem.ts'
import { readBytes } from './read-bytes.ts'
import { readBody, readQuery } from './read-input.ts'
import { isJson } from './refuse-cross-site.ts'
import { mapValueToWire } from './wire-values.ts'

/** A request of a known caller to a known operation. */
export interface OperationRequest {
  readonly igny8: Igny8
  readonly identity: Identity
  readonly request: Request
  readonly url: URL
  readonly path: Readonly<Record<string, string>>
  readonly below: string
  readonly maxBodyBytes: number
  readonly idempotency: IdempotencyStore
  readonly clock: Clock
  readonly explain: Call['explain']
}

/** Checks a request, carries it out, and writes the answer in the wire's names. */
export async function answerOperation(operation: Operation, given: OperationRequest): Promise<Response> {
  const { igny8, identity, request, url, path, clock, explain } = given
  const account = igny8.forAccount(identity.accountId)
  const query = readQuery(operation, url.searchParams) as Record<string, unknown>
  const bytes = await readBodyBytes(request, given.maxBodyBytes)
  const body = bytes === undefined ? {} : readBody(operation, parseJsonBody(bytes))
  const position = readPosition(operation.isList ? (query.cursor as string | undefined) : undefined)
  const { actor } = identity
  const call: Call = {
    igny8,
    account,
    path,
    query: operation.isList ? { ...query, cursor: position.cursor === '' ? undefined : position.cursor } : query,
    body,
    version: undefined,
    actor,
    signal: request.signal,
    request,
    clock,
    explain,
  }
  const handle = operation.handle as (call: Call) => Promise<unknown>
  const carryOut = async () =>
    handle({ ...call, version: await readPrecondition(operation, call) }).catch((error: unknown) => {
      throw nameFieldOnWire(error)
    })
  if (operation.streams !== undefined) return (await carryOut()) as Response

  const write = (result: unknown): KeptAnswer => {
    const shown = operation.isList
      ? showPage(operation, result as Page<unknown>, url, position)
      : show(operation, result)
    const version = result === undefined ? undefined : operation.versionOf?.(result as never)
    const location = operation.locationOf?.(result as never, call)
    return {
      status: operation.status,
      headers: {
        ...(shown === undefined ? {} : { 'content-type': 'application/json' }),
        ...(version === undefined ? {} : { etag: mapVersionToEtag(version) }),
        ...(location === undefined ? {} : { location: `${given.below}/${location}` }),
      },
      body: shown === undefined ? '' : JSON.stringify(shown),
    }
  }
  if (!operation.idempotent) {
    const result = await carryOut()
    const version = request.method === 'GET' ? operation.versionOf?.(result as never) : undefined
    if (version !== undefined && hasVersion(request, version))
      return new Response(null, { status: 304, headers: { etag: mapVersionToEtag(version) } })
    return toResponse(write(result))
  }
  const once = {
    store: given.idempotency,
    clock,
    accountId: identity.accountId,
    request,
    body: bytes ?? new Uint8Array(),
  }
  const { answer, isRepeated } = await answerOnce(once, async () => write(await carryOut()))
  return toResponse(answer, isRepeated)
}

/** `undefined` where the method has no body. */
async function readBodyBytes(request: Request, limitBytes: number): Promise<Uint8Array | undefined> {
  if (request.method === 'GET' || request.method === 'HEAD') return undefined
  if (request.body !== null && !isJson(request) && request.headers.get('content-length') !== '0') {
    const bytes = await readBytes(request, limitBytes)
    if (bytes.byteLength > 0) throw notJson()
    return bytes
  }
  return readBytes(request, limitBytes)
}

function show(operation: Operation, result: unknown): unknown {
  return operation.answer === undefined ? undefined : mapValueToWire(operation.answer, result)
}

function showPage(
  operation: Operation,
  page: Page<unknown> & { readonly count?: number | null },
  url: URL,
  position: ReturnType<typeof readPosition>,
) {
  return {
    count: page.count ?? null,
    ...linkPages(url, position, page.nextCursor),
    results: page.items.map((item) => show(operation, item)),
  }
}

function toResponse({ status, headers, body }: KeptAnswer, isRepeated = false): Response {
  const all = isRepeated ? { ...headers, 'idempotency-replayed': 'true' } : headers
  return new Response(body === '' ? null : body, { status, headers: all })
}

function notJson() {
  return httpError('UNSUPPORTED_MEDIA_TYPE', {
    message: 'The body is not application/json.',
    hint: 'Send JSON, with the header Content-Type: application/json.',
  })
}
