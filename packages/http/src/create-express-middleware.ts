import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HttpHandler } from './create-http-handler.ts'
import type { PlainAnswer } from './plain-answer.ts'
import { httpError } from './problem.ts'
import { readIncoming } from './read-incoming.ts'
import type { IncomingWebhook } from './webhook-door.ts'

/** A request of Express, or of a bare server of Node. */
export interface ExpressRequest extends IncomingMessage {
  readonly originalUrl?: string
  readonly protocol?: string
  /** By the host's own `trust proxy`. */
  readonly ip?: string | undefined
  readonly body?: unknown
}

/**
 * Mounts the API in Express: `app.use(createExpressMiddleware(handle))`, before any parser of bodies, as webhooks are verified over the raw bytes. What lies outside of
 * `basePath` is handed on.
 */
export function createExpressMiddleware(
  handle: HttpHandler,
  { basePath = '/api/v1' }: { readonly basePath?: string } = {},
) {
  const below = `${basePath.replace(/\/+$/, '')}/`
  return async (incoming: ExpressRequest, outgoing: ServerResponse, next: (error?: unknown) => void): Promise<void> => {
    const target = incoming.originalUrl ?? incoming.url ?? '/'
    if (!target.startsWith(below)) return next()
    const takeWebhook = handle.webhookDoor?.(incoming.method, target)
    if (takeWebhook !== undefined) {
      try {
        return sendPlain(await takeWebhook(toWebhook(incoming, target)), outgoing)
      } catch (error) {
        return next(error)
      }
    }
    const gone = new AbortController()
    // An answer that was sent whole ends in `close` too.
    outgoing.once('close', () => outgoing.writableEnded || gone.abort())
    try {
      const request = toRequest(incoming, target, gone.signal)
      const answer = await handle(request, { clientAddress: addressOf(incoming) })
      await send(answer, outgoing)
    } catch (error) {
      if (!gone.signal.aborted) next(error)
    }
  }
}

function toWebhook(incoming: ExpressRequest, target: string): IncomingWebhook {
  const { body } = incoming
  const given = body instanceof Uint8Array ? body : undefined
  if (given === undefined) refuseConsumed(incoming)
  return {
    headers: { get: (name) => incoming.headers[name]?.toString() ?? null },
    clientAddress: addressOf(incoming),
    readBody: async (limitBytes) => given ?? readIncoming(incoming, limitBytes),
    toRequest: () => new Request(urlOf(incoming, target), { method: 'POST', headers: headersOf(incoming) }),
  }
}

function addressOf(incoming: ExpressRequest): string | undefined {
  return incoming.ip ?? incoming.socket.remoteAddress
}

function urlOf({ protocol, headers }: ExpressRequest, target: string): URL {
  return new URL(target, `${protocol ?? 'http'}://${headers.host ?? 'localhost'}`)
}

function headersOf({ rawHeaders }: ExpressRequest): Headers {
  const headers = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  return headers
}

function toRequest(incoming: ExpressRequest, target: string, signal: AbortSignal): Request {
  const url = urlOf(incoming, target)
  const headers = headersOf(incoming)
  const { method = 'GET' } = incoming
  const body = method === 'GET' || method === 'HEAD' ? undefined : bodyOf(incoming)
  const request = new Request(url, { method, headers, ...(body === undefined ? {} : { body, duplex: 'half' }) })
  // Given to the constructor, it would keep every request alive until the next full collection of garbage, whose pauses all callers would feel.
  return Object.defineProperty(request, 'signal', { value: signal })
}

/** Bytes that `express.raw` has read are as good as the stream; what a parser made of them is not. */
function bodyOf(incoming: ExpressRequest): ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | undefined {
  const { body } = incoming
  if (body instanceof Uint8Array) return Uint8Array.from(body)
  refuseConsumed(incoming)
  const hasBody =
    incoming.headers['content-length'] !== undefined || incoming.headers['transfer-encoding'] !== undefined
  return hasBody ? streamAtUse(incoming) : undefined
}

function refuseConsumed(incoming: ExpressRequest): void {
  if (!incoming.readableDidRead) return
  throw httpError('BODY_CONSUMED', {
    message: 'The body was read before it came here.',
    hint: 'Mount createExpressMiddleware before express.json() and other parsers.',
  })
}

/** Touches the source only once it is read: of a body that nobody wants, the server disposes itself, and the next request of its connection is heard. */
function streamAtUse(source: Readable): ReadableStream<Uint8Array> {
  let stopReading: (() => void) | undefined
  function beginReading(controller: ReadableStreamDefaultController<Uint8Array>): () => void {
    const give = (chunk: Uint8Array) => {
      source.pause()
      controller.enqueue(chunk)
    }
    const end = () => controller.close()
    const fail = (error: Error) => controller.error(error)
    source.on('data', give).once('end', end).once('error', fail)
    return () => source.off('data', give).off('end', end)
  }
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        stopReading ??= beginReading(controller)
        source.resume()
      },
      cancel() {
        stopReading?.()
        source.resume()
      },
    },
    { highWaterMark: 0 },
  )
}

/** Head and body of text are one write. */
function sendPlain({ status, headers, body }: PlainAnswer, outgoing: ServerResponse): void {
  outgoing.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) }).end(body)
}

async function send(answer: Response, outgoing: ServerResponse): Promise<void> {
  const headers = [...answer.headers].flat()
  if (answer.body === null) {
    // Without it an answer that could have a body is sent in chunks, of which there are none.
    const isEmpty = outgoing.req.method !== 'HEAD' && answer.status !== 204 && answer.status !== 304
    return void outgoing.writeHead(answer.status, isEmpty ? [...headers, 'content-length', '0'] : headers).end()
  }
  if (isStream(answer)) {
    outgoing.writeHead(answer.status, headers)
    return pipeline(Readable.fromWeb(answer.body as never), outgoing)
  }
  // In one piece and with its length: a stream costs the server several writes.
  const bytes = Buffer.from(await answer.arrayBuffer())
  outgoing.writeHead(answer.status, [...headers, 'content-length', String(bytes.byteLength)]).end(bytes)
}

function isStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true
}
