import { lookup as resolveHost } from 'node:dns/promises'
import type { Dispatcher } from 'undici'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { Clock } from '../ports/clock.ts'
import type { HttpClient, HttpRequest, HttpResponse } from '../ports/http-client.ts'
import type { Logger } from '../ports/logger.ts'
import type { RandomSource } from '../ports/random.ts'
import { describeFetchFailure } from './describe-fetch-failure.ts'
import { createHostQueues } from './host-queues.ts'
import { createOutboundPolicy, type Lookup } from './outbound-policy.ts'
import { createPinnedDispatcher } from './pinned-dispatcher.ts'
import { readBody } from './read-body.ts'
import { parseRetryAfter } from './retry-after.ts'
import { retryDelayMs } from './retry-delay.ts'

export interface HttpClientOptions {
  readonly clock: Clock
  readonly random: RandomSource
  readonly logger: Logger
  /** Origins that the address policy would refuse. */
  readonly allow?: readonly string[]
  /** Requests at once to one host. @default 2 */
  readonly perHostConcurrency?: number
  /** A fetch of the host's own. Addresses are checked before it is called, but it resolves them again: weaker than the default, which pins. */
  readonly fetch?: typeof globalThis.fetch
  /** @default the system's resolver */
  readonly lookup?: Lookup
  /** @default 'igny8-integrations-sdk' */
  readonly userAgent?: string
}

const defaults = { timeoutMs: 30_000, maxBytes: 32 * 1024 * 1024, attempts: 3, maxRedirects: 3 }
/** Longer pauses are left to the caller: the error or answer carries them. */
const longestPauseMs = 60_000
const safeRetryStatuses = new Set([408, 429, 500, 502, 503, 504])

/** The one way out: see `HttpClient`. No I/O until the first request. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock, random, logger } = options
  const policy = createOutboundPolicy({
    allow: options.allow ?? [],
    lookup: options.lookup ?? ((host) => resolveHost(host, { all: true })),
  })
  const queues = createHostQueues(options.perHostConcurrency ?? 2)
  let opened: ReturnType<typeof open> | undefined | undefined

  /** ofetch over the given or global fetch; undici's agent pins what the policy has checked. */
  async function open() {
    const { createFetch } = await import('ofetch')
    const given = options.fetch
    const dispatcher =
      given === undefined ? ((await createPinnedDispatcher(policy)) as unknown as Dispatcher) : undefined
    const { raw } = createFetch({ fetch: given ?? globalThis.fetch })
    return { raw, dispatcher }
  }

  async function sendOnce(url: URL, request: HttpRequest, withCredentials: boolean): Promise<HttpResponse> {
    const { timeoutMs = defaults.timeoutMs, maxBytes = defaults.maxBytes } = request
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = AbortSignal.any(request.signal === undefined ? [timeout] : [timeout, request.signal])
    try {
      opened ??= open()
      const { raw, dispatcher } = await opened
      if (dispatcher === undefined) await policy.resolve(url)
      const answer = await raw(url.href, {
        method: request.method,
        headers: buildHeaders(request, withCredentials, options.userAgent ?? 'igny8-integrations-sdk'),
        redirect: 'manual',
        signal,
        retry: 0,
        responseType: 'stream',
        ignoreResponseError: true,
        ...(request.body === undefined ? {} : { body: request.body as string }),
        ...(dispatcher === undefined ? {} : { dispatcher }),
      })
      const body = await readBody(answer, maxBytes, signal)
      return {
        status: answer.status,
        headers: answer.headers,
        url: url.href,
        body,
        text: () => decode(body, answer.headers.get('content-type')),
      }
    } catch (error) {
      const unsafe = !isSafe(request)
      throw describeFetchFailure(error, {
        place: `${url.origin}${url.pathname}`,
        host: url.host,
        unsafe,
        timeoutMs,
        timedOut: timeout.aborted,
        cancelled: request.signal?.aborted === true && !timeout.aborted,
      })
    }
  }

  /** One attempt, redirects included. Credentials stay on the first origin. */
  async function attempt(request: HttpRequest): Promise<HttpResponse> {
    const carriesSecret = request.authorization !== undefined || request.secretHeaders !== undefined
    const first = policy.checkUrl(request.url, carriesSecret)
    let url = first
    for (let hop = 0; ; hop++) {
      const withCredentials = carriesSecret && url.origin === first.origin
      const response = await sendOnce(url, request, withCredentials)
      const location = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || response.status === 304 || location === null)
        return response
      const target = URL.parse(location, url.href)
      if (request.redirects !== 'follow' || target === null || hop >= (request.maxRedirects ?? defaults.maxRedirects))
        throw redirectRefused(response.status, url, target, isSafe(request))
      url = policy.checkUrl(target.href, withCredentials && target.origin === first.origin)
    }
  }

  return {
    async request(request) {
      const attempts = request.attempts ?? defaults.attempts
      const key = URL.parse(request.url)?.host ?? ''
      for (let number = 1; ; number++) {
        const outcome = await queues
          .run(key, request.signal, () => attempt(request))
          .then(
            (response) => ({ response, error: undefined }),
            (error: unknown) => ({ response: undefined, error: error as Igny8Error }),
          )
        const pauseMs = number >= attempts ? undefined : pauseBeforeRetry(request, outcome, number)
        if (pauseMs === undefined) {
          if (outcome.response !== undefined) return outcome.response
          throw outcome.error
        }
        logger.debug('A request is repeated.', {
          host: key,
          attempt: number,
          pauseMs,
          status: outcome.response?.status,
          code: outcome.error?.code,
        })
        await clock.wait(pauseMs, request.signal)
      }
    },
    async close() {
      const { dispatcher } = (await opened?.catch(() => undefined)) ?? {}
      await dispatcher?.close()
    },
  }

  /** `undefined`: not repeated. */
  function pauseBeforeRetry(
    request: HttpRequest,
    outcome: { readonly response: HttpResponse | undefined; readonly error: Igny8Error | undefined },
    number: number,
  ): number | undefined {
    const { response, error } = outcome
    if (error !== undefined) {
      const repeatable = error.retryable && error.code !== 'CANCELLED' && (isSafe(request) || error.effect === 'none')
      return repeatable ? retryDelayMs(number, random) : undefined
    }
    if (response === undefined || !safeRetryStatuses.has(response.status)) return undefined
    const asked = parseRetryAfter(response.headers.get('retry-after'), clock.now())
    const refusedUnread = (response.status === 429 || response.status === 503) && asked !== undefined
    if (!isSafe(request) && !refusedUnread) return undefined
    const pauseMs = asked ?? retryDelayMs(number, random)
    return pauseMs <= longestPauseMs ? pauseMs : undefined
  }
}

function isSafe(request: HttpRequest): boolean {
  return request.safe ?? (request.method === 'GET' || request.method === 'HEAD')
}

function buildHeaders(request: HttpRequest, withCredentials: boolean, userAgent: string): Headers {
  const headers = new Headers({ 'user-agent': userAgent, accept: 'application/json, */*;q=0.5', ...request.headers })
  if (!withCredentials) return headers
  if (request.authorization !== undefined) {
    const { scheme, secret } = request.authorization
    const value = scheme === 'Basic' ? Buffer.from(secret.reveal(), 'utf8').toString('base64') : secret.reveal()
    headers.set('authorization', `${scheme} ${value}`)
  }
  for (const [name, secret] of Object.entries(request.secretHeaders ?? {})) headers.set(name, secret.reveal())
  return headers
}

function decode(body: Uint8Array, contentType: string | null): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

function redirectRefused(status: number, from: URL, target: URL | null, safe: boolean): Igny8Error {
  const to =
    target === null ? 'nowhere' : target.origin === from.origin ? `${target.origin}${target.pathname}` : target.origin
  return new Igny8Error({
    code: 'REDIRECT_REFUSED',
    message: `${from.host} redirects to ${to}.`,
    hint: `Use the address that it redirects to: ${to}`,
    effect: safe ? 'none' : 'unknown',
    details: { status, target: to },
  })
}
