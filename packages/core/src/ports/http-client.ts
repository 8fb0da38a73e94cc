import type { Secret } from './secret.ts'

/** One request, with its own limits. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as given. Objects are not serialised here: use `JSON.stringify` and set the content type. */
  readonly body?: string | Uint8Array
  /** Becomes the `Authorization` header of this request only; never sent to another origin. */
  readonly authorization?: { readonly scheme: 'Basic' | 'Bearer'; readonly secret: Secret }
  /** Headers whose values are secret (vendors with a header of their own). */
  readonly secretHeaders?: Readonly<Record<string, Secret>>
  /** Deadline of one attempt, body included, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number
  /** Largest decoded body. @default 32 MiB */
  readonly maxBytes?: number
  /**
   * Attempts in all. Repeated on: connection failures before anything was sent; for `safe` requests also time-outs,
   * cut answers, 408, 429, 500, 502, 503, 504; for unsafe ones only 429 and 503 with Retry-After. Waits for
   * Retry-After, else exponential with full jitter.
   * @default 3
   */
  readonly attempts?: number
  /** Whether repeating changes nothing more. @default true for GET and HEAD */
  readonly safe?: boolean
  /**
   * `refuse`: a 3xx is an error. `follow`: at most `maxRedirects` hops, each checked; credentials stay on the origin; other methods than GET
   * and HEAD follow 307 and 308 only, because the rest may mean that the write was carried out.
   * @default 'refuse'
   */
  readonly redirects?: 'refuse' | 'follow'
  /** @default 3 */
  readonly maxRedirects?: number
  /**
   * `host`: waits for its turn among the requests to the host, and a Retry-After holds for all of them. `none`: for APIs that are made for many
   * callers at once, where it means one key.
   * @default 'host'
   */
  readonly politeness?: 'host' | 'none'
  /**
   * Hears the decoded body of a 2xx piece by piece while it arrives; the answer still holds all of it. Such a request is never repeated. A client
   * may leave it out: who listens must also look at the answer.
   */
  readonly onChunk?: (chunk: Uint8Array, head: Pick<HttpResponse, 'status' | 'headers'>) => void
  readonly signal?: AbortSignal | undefined
  /** Awaited right before each attempt and hop leaves; where it rejects, nothing leaves, nothing is repeated, and the request fails with its error. */
  readonly beforeSend?: (() => Promise<void>) | undefined
}

/** An answer whose body was read whole. Any status is an answer. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Headers
  /** Where it came from after redirects. */
  readonly url: string
  readonly body: Uint8Array
  /** Decoded as UTF-8, or by the charset of the content type. */
  text(): string
}

/**
 * The one way out: every adapter, provider and download goes through it, so that the address policy, deadlines, limits
 * and politeness towards hosts hold everywhere.
 *
 * Answers with any status resolve; what could not be had throws `OUTBOUND_REFUSED`, `REDIRECT_REFUSED`,
 * `HOST_NOT_FOUND`, `CONNECTION_FAILED`, `TLS_FAILED`, `TIMEOUT`, `ANSWER_TOO_LARGE` or `CANCELLED`, with `effect: 'unknown'` where
 * an unsafe request may have been carried out.
 *
 * Retry-After of a 429 or 503 holds for the host: until then no other request to it leaves. Up to 60 s they wait, cancellable, beside
 * their own deadline; a longer pause (kept for a day at most) fails them at once with `RATE_LIMITED` and the rest as `retryAfterMs`.
 */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>
  /**
   * Refuses new requests with `STOPPED`, ends waiting ones with it, lets those that are out finish, then closes the connections.
   * Idempotent.
   */
  close(): Promise<void>
}
