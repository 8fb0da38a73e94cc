import type { AiCall, HttpRequest, HttpResponse } from '@igny8/core'
import { Igny8Error, isIgny8Error } from '@igny8/core/adapter-kit'
import type * as z from 'zod'
import { checkKey } from './check-key.ts'
import { readRefusalJson } from './read-vendor-json.ts'
import { malformedAnswer, mapRefusalToError, type VendorRefusal } from './vendor-failure.ts'

/** Where a vendor's SDK sends to, and how much it may take. */
export interface SdkOptions {
  readonly baseUrl: string
  /** Where the call names no time. */
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** A vendor's SDK for one call; whatever it throws comes out of `translate` as an `Igny8Error`. */
export interface SdkRun<Client> {
  readonly client: Client
  translate(thrown: unknown): Igny8Error
}

export interface SdkTransportInput<ErrorBody> extends Omit<SdkOptions, 'baseUrl'> {
  readonly vendor: string
  readonly call: AiCall
  /** How the vendor takes its key. */
  readonly credentials: Pick<HttpRequest, 'authorization' | 'secretHeaders'>
  /** An error as the vendor writes it, as an answer or as an event in the midst of one. */
  readonly errorSchema: z.ZodType<ErrorBody>
  mapErrorToRefusal(body: ErrorBody | undefined): VendorRefusal
}

/** A vendor's SDK on our HTTP client. */
export interface SdkTransport {
  /** What the SDK takes for `fetch`: policy, deadline and limits of our client hold, and the key is put in here. */
  readonly fetch: typeof globalThis.fetch
  /** The error in place of what the SDK has thrown. Objects of the SDK hold headers and bodies, so none is passed on, not as a cause either. */
  translate(thrown: unknown): Igny8Error
}

/** What the SDK is given as its key: it never sees the real one, so it cannot leak it. */
export const placeholderKey = 'held-by-the-host'

/** Above our own deadline, which covers the body as well: the SDK's must not come first, as it could not be told from a cancellation. */
export const sdkTimeoutMs = 2 ** 31 - 1

/** Headers of an SDK that a vendor needs; the rest tells of this machine, or is a placeholder. */
const headersKept = ['accept', 'content-type', 'anthropic-version', 'anthropic-beta']
const bodiless = new Set([204, 205, 304])

/** Makes the transport of one call. Throws `INVALID_INPUT` for a key that cannot be sent. */
export function createSdkTransport<ErrorBody>(input: SdkTransportInput<ErrorBody>): SdkTransport {
  const { vendor, call, credentials, maxBytes, errorSchema } = input
  checkKey(call.apiKey)
  let failure: Igny8Error | undefined
  let answered: HttpResponse | undefined
  let isSent = false

  function send(url: string, init: RequestInit): Promise<Response> {
    isSent = true
    const left = new AbortController()
    const signal = init.signal == null ? left.signal : AbortSignal.any([left.signal, init.signal])
    return new Promise((resolve, reject) => {
      let writer: ReadableStreamDefaultController<Uint8Array> | undefined
      function openBody(head: Pick<HttpResponse, 'status' | 'headers'>) {
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            writer = controller
          },
          cancel: () => left.abort(),
        })
        resolve(new Response(body, { status: head.status, headers: head.headers }))
      }
      call.http
        .request({
          method: init.method === 'POST' ? 'POST' : 'GET',
          url,
          headers: keepHeaders(init.headers),
          ...(typeof init.body === 'string' ? { body: init.body } : {}),
          ...credentials,
          timeoutMs: call.timeoutMs ?? input.timeoutMs,
          maxBytes,
          attempts: 1,
          politeness: 'none',
          signal,
          onChunk(chunk, head) {
            if (writer === undefined) openBody(head)
            if (!left.signal.aborted) writer?.enqueue(chunk)
          },
        })
        .then(
          (response) => {
            answered = response
            if (writer === undefined) resolve(toResponse(response))
            else if (!left.signal.aborted) writer.close()
          },
          (error: unknown) => {
            failure = isIgny8Error(error) ? error : undefined
            if (writer === undefined) reject(error)
            else writer.error(error)
          },
        )
    })
  }

  function refuse(answer: Pick<HttpResponse, 'status' | 'headers'>, body: ErrorBody | undefined): Igny8Error {
    const now = new Date(answer.headers.get('date') ?? Number.NaN)
    return mapRefusalToError({ vendor, answer, refusal: input.mapErrorToRefusal(body), apiKey: call.apiKey, now })
  }

  /** An SDK throws an event as its body, or as what its body has in `error`. */
  function refuseEvent(thrown: unknown): Igny8Error | undefined {
    const candidates = [(thrown as { readonly error?: unknown } | undefined)?.error, thrown]
    const body = candidates.map((candidate) => errorSchema.safeParse(candidate).data).find(Boolean)
    return body && refuse({ status: 200, headers: new Headers() }, body)
  }

  return {
    fetch: (target, init = {}) => send(target instanceof Request ? target.url : String(target), init),
    translate(thrown) {
      if (isIgny8Error(thrown)) return thrown
      if (failure !== undefined) return failure
      if (answered !== undefined && (answered.status < 200 || answered.status > 299))
        return refuse(answered, readRefusalJson(answered, errorSchema))
      if (call.signal?.aborted === true) return cancelled(vendor, isSent)
      return refuseEvent(thrown) ?? malformedAnswer(vendor, 'what its own package cannot read.')
    },
  }
}

function keepHeaders(given: RequestInit['headers']): Record<string, string> {
  const headers = new Headers(given)
  return Object.fromEntries(
    headersKept.flatMap((name) => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}

function toResponse({ status, headers, body }: HttpResponse): Response {
  return new Response(bodiless.has(status) ? null : (body as Uint8Array<ArrayBuffer>), { status, headers })
}

function cancelled(vendor: string, isSent: boolean): Igny8Error {
  return new Igny8Error({
    code: 'CANCELLED',
    message: `The call of ${vendor} was cancelled.`,
    hint: 'Start again when it suits.',
    retryable: true,
    effect: isSent ? 'unknown' : 'none',
  })
}
