import type { Dispatcher } from 'undici'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { Clock } from '../ports/clock.ts'
import type { HttpRequest, HttpResponse } from '../ports/http-client.ts'
import { describeFetchFailure } from './describe-fetch-failure.ts'
import type { HostPauses } from './host-pauses.ts'
import type { OutboundPolicy } from './outbound-policy.ts'
import { createPinnedDispatcher } from './pinned-dispatcher.ts'
import { readBody } from './read-body.ts'
import { isSafe } from './repeat-rule.ts'
import { parseRetryAfter } from './retry-after.ts'

/** One request, one answer: no redirect is followed, nothing is repeated. */
export interface Transport {
  send(url: URL, request: HttpRequest, withCredentials: boolean): Promise<HttpResponse>
  close(): Promise<void>
}

export interface TransportOptions {
  readonly clock: Clock
  readonly policy: OutboundPolicy
  readonly pauses: HostPauses
  readonly fetch: typeof globalThis.fetch | undefined
  readonly userAgent: string
  /** Of requests that name none. @default 30_000 */
  readonly timeoutMs?: number | undefined
}

const defaults = { timeoutMs: 30_000, maxBytes: 32 * 1024 * 1024 }
/** Timers of Node fire at once beyond. */
const longestTimerMs = 2 ** 31 - 1

export function createTransport(options: TransportOptions): Transport {
  const { clock, policy, pauses } = options
  let opened: ReturnType<typeof open> | undefined

  /** ofetch over the given or global fetch; undici's agent pins what the policy has checked. */
  async function open() {
    const { createFetch } = await import('ofetch')
    const given = options.fetch
    const dispatcher =
      given === undefined ? ((await createPinnedDispatcher(policy)) as unknown as Dispatcher) : undefined
    const { raw } = createFetch({ fetch: given ?? globalThis.fetch })
    return { raw, dispatcher }
  }

  return {
    async send(url, request, withCredentials) {
      const { maxBytes = defaults.maxBytes } = request
      const headers = buildHeaders(request, withCredentials, options.userAgent)
      const timeoutMs = Math.min(request.timeoutMs ?? options.timeoutMs ?? defaults.timeoutMs, longestTimerMs)
      const timeout = AbortSignal.timeout(timeoutMs)
      const signal = AbortSignal.any(request.signal === undefined ? [timeout] : [timeout, request.signal])
      try {
        opened ??= open()
        const { raw, dispatcher } = await opened
        if (dispatcher === undefined) await policy.resolve(url)
        const answer = await raw(url.href, {
          method: request.method,
          headers,
          redirect: 'manual',
          signal,
          retry: 0,
          responseType: 'stream',
          ignoreResponseError: true,
          ...(request.body === undefined ? {} : { body: request.body as string }),
          ...(dispatcher === undefined ? {} : { dispatcher }),
        })
        const isPolite = request.politeness !== 'none'
        if (isPolite && (answer.status === 429 || answer.status === 503))
          pauses.pause(url.host, parseRetryAfter(answer.headers.get('retry-after'), clock.now()) ?? 0)
        const onChunk = answer.ok
          ? (chunk: Uint8Array) => request.onChunk?.(chunk, { status: answer.status, headers: answer.headers })
          : undefined
        const body = await readBody(answer, { maxBytes, signal, effect: isSafe(request) ? 'none' : 'unknown', onChunk })
        return {
          status: answer.status,
          headers: answer.headers,
          url: url.href,
          body,
          text: () => decode(body, answer.headers.get('content-type')),
        }
      } catch (error) {
        throw describeFetchFailure(error, {
          place: `${url.origin}${url.pathname}`,
          host: url.host,
          unsafe: !isSafe(request),
          timeoutMs,
          timedOut: timeout.aborted,
          cancelled: request.signal?.aborted === true && !timeout.aborted,
          abortReason: request.signal?.reason,
        })
      }
    },
    async close() {
      const { dispatcher } = (await opened?.catch(() => undefined)) ?? {}
      await dispatcher?.close()
    },
  }
}

function buildHeaders(request: HttpRequest, withCredentials: boolean, userAgent: string): Headers {
  try {
    const headers = new Headers({ 'user-agent': userAgent, accept: 'application/json, */*;q=0.5', ...request.headers })
    if (!withCredentials) return headers
    if (request.authorization !== undefined) {
      const { scheme, secret } = request.authorization
      const value = scheme === 'Basic' ? Buffer.from(secret.reveal(), 'utf8').toString('base64') : secret.reveal()
      headers.set('authorization', `${scheme} ${value}`)
    }
    for (const [name, secret] of Object.entries(request.secretHeaders ?? {})) headers.set(name, secret.reveal())
    return headers
  } catch {
    // What was thrown repeats the value, which may be a credential.
    throw new Igny8Error({
      code: 'INVALID_INPUT',
      message: 'A header or credential holds characters that cannot be sent.',
      hint: 'Enter the credential again, without line breaks and typographic characters.',
      details: { field: 'headers' },
    })
  }
}

function decode(body: Uint8Array, contentType: string | null): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}
