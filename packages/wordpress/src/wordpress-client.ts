import type { CallOptions, Clock, HttpClient, HttpResponse, Secret } from '@igny8/core'
import { Igny8Error, isIgny8Error, parseRetryAfter } from '@igny8/core/adapter-kit'
import { buildRestUrl, type RestQuery } from './build-rest-url.ts'
import { hideSecret } from './credentials.ts'
import { cleanMessage, mapAnswerToError } from './map-answer-to-error.ts'
import { readAnswer, type SiteAnswer } from './read-answer.ts'

/** One call of a REST route. */
export interface RestCall {
  readonly route: string
  readonly query?: RestQuery
  /** `read` sends GET, `count` HEAD, `write` POST. Deletions are a `write` with `_method=DELETE`, as hosts block DELETE. @default 'read' */
  readonly kind?: 'read' | 'count' | 'write'
  /** Sent as JSON; with `kind: 'read'` the parameters travel in a POST that WordPress takes for a GET. */
  readonly json?: Readonly<Record<string, unknown>>
  /** A raw body with its headers. */
  readonly upload?: { readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> }
  readonly options?: CallOptions | undefined
}

/** A 2xx answer that is JSON. */
export interface RestAnswer {
  readonly value: unknown
  readonly headers: Headers
  /** `X-WP-Total`; `null` where it is missing or nonsense. */
  readonly total: number | null
  /** The `Date` header, else our clock. */
  readonly serverTime: Date
}

/** Calls of one site's REST API with its credential: the one place that builds URLs, signs requests and reads answers. */
export interface WordPressRest {
  /** Throws a typed error for everything that is not JSON with a 2xx status. */
  call(call: RestCall): Promise<RestAnswer>
  /** The same for an item inside a batch: the error that its status and body stand for. */
  explain(failed: { readonly status: number; readonly body: unknown; readonly route: string }): Igny8Error
}

export interface WordPressRestInput {
  readonly http: HttpClient
  readonly clock: Clock
  readonly credential: Secret
  apiRoot(options?: CallOptions): Promise<string>
}

/** Calls to one site. Nothing is retried here but what the HTTP client may repeat by itself. */
export function createWordPressRest(input: WordPressRestInput): WordPressRest {
  const { http, clock, credential } = input

  async function call(call: RestCall): Promise<RestAnswer> {
    const { kind = 'read', options } = call
    const root = await input.apiRoot(options)
    const isOverride = kind === 'read' && call.json !== undefined
    const query = isOverride ? { ...call.query, _method: 'GET' } : call.query
    const body = call.upload?.bytes ?? (call.json === undefined ? undefined : JSON.stringify(call.json))
    const response = await http.request({
      method: kind === 'count' ? 'HEAD' : kind === 'write' || isOverride ? 'POST' : 'GET',
      url: buildRestUrl(root, call.route, query),
      headers: {
        accept: 'application/json',
        ...(call.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.upload?.headers,
      },
      ...(body === undefined ? {} : { body }),
      authorization: { scheme: 'Basic', secret: credential },
      safe: kind !== 'write',
      signal: options?.signal,
      beforeSend: kind === 'write' ? options?.beforeSend : undefined,
    })
    const answer: SiteAnswer = kind === 'count' ? { kind: 'json', value: null, hasNoise: false } : readAnswer(response)
    const isWrite = kind === 'write'
    if (response.status < 200 || response.status >= 300 || answer.kind !== 'json') {
      throw fail({ response, answer: kind === 'count' ? { kind: 'empty' } : answer, isWrite, route: call.route })
    }
    // What else is ready has its turn between the parts of a long work.
    if (kind === 'read') await clock.wait(0)
    const serverTime = readServerTime(response.headers) ?? clock.now()
    return { value: answer.value, headers: response.headers, total: readTotal(response.headers), serverTime }
  }

  function fail(failed: { response: HttpResponse; answer: SiteAnswer; isWrite: boolean; route: string }): Igny8Error {
    const { status, headers } = failed.response
    const retryAfterMs = parseRetryAfter(headers.get('retry-after'), clock.now())
    const attachmentId = headers.get('x-wp-upload-attachment-id')
    return mapAnswerToError({ ...failed, status, retryAfterMs, attachmentId, hide })
  }

  /** A site may repeat in its error what it was sent: no part of the credential passes. */
  function hide(text: string): string {
    return hideSecret(text, credential.reveal())
  }

  return {
    call,
    explain: ({ status, body, route }) =>
      mapAnswerToError({ status, answer: { kind: 'json', value: body, hasNoise: false }, isWrite: true, route, hide }),
  }
}

/** WordPress's own code of an error that it answered with. */
export function wordpressCodeOf(error: unknown): string | null {
  const code = isIgny8Error(error) ? error.details.wordpressCode : null
  return typeof code === 'string' ? code : null
}

/** The error for a 2xx answer whose data does not have WordPress's form. */
export function malformed(route: string, problem: string, isWrite = false): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_MALFORMED',
    message: `The site answered /${route} with data that WordPress does not send: ${cleanMessage(problem)}`,
    hint: 'A plugin may change the answers of the REST API, or something answers in WordPress’s place. Open the site’s /wp-json/ in a browser to see it.',
    retryable: true,
    effect: isWrite ? 'unknown' : 'none',
    details: { route },
  })
}

/** The server's clock when it answered. */
export function readServerTime(headers: Headers): Date | null {
  const time = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(time) ? null : new Date(time)
}

function readTotal(headers: Headers): number | null {
  const text = headers.get('x-wp-total') ?? ''
  return /^\d{1,12}$/.test(text) ? Number(text) : null
}
