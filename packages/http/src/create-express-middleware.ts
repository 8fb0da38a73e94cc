import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HttpHandler } from './create-http-handler.ts'
import { httpError } from './problem.ts'

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
  return async (incoming: ExpressRequest, outgoing: ServerResponse, next: (error?: unknown) => void): Promise<void> => {
    const target = incoming.originalUrl ?? incoming.url ?? '/'
    if (!target.startsWith(`${basePath.replace(/\/+$/, '')}/`)) return next()
    const gone = new AbortController()
    // An answer that was sent whole ends in `close` too.
    outgoing.once('close', () => outgoing.writableEnded || gone.abort())
    try {
      const request = toRequest(incoming, target, gone.signal)
      const answer = await handle(request, { clientAddress: incoming.ip ?? incoming.socket.remoteAddress })
      await send(answer, outgoing)
    } catch (error) {
      if (!gone.signal.aborted) next(error)
    }
  }
}

function toRequest(incoming: ExpressRequest, target: string, signal: AbortSignal): Request {
  const url = new URL(target, `${incoming.protocol ?? 'http'}://${incoming.headers.host ?? 'localhost'}`)
  const headers = new Headers()
  for (let index = 0; index < incoming.rawHeaders.length; index += 2)
    headers.append(incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '')
  const { method = 'GET' } = incoming
  const body = method === 'GET' || method === 'HEAD' ? undefined : bodyOf(incoming)
  return new Request(url, { method, headers, signal, ...(body === undefined ? {} : { body, duplex: 'half' }) })
}

/** Bytes that `express.raw` has read are as good as the stream; what a parser made of them is not. */
function bodyOf(incoming: ExpressRequest): ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | undefined {
  const { body } = incoming
  if (body instanceof Uint8Array) return Uint8Array.from(body)
  if (incoming.readableDidRead)
    throw httpError('BODY_CONSUMED', {
      message: 'The body was read before it came here.',
      hint: 'Mount createExpressMiddleware before express.json() and other parsers.',
    })
  const hasBody =
    incoming.headers['content-length'] !== undefined || incoming.headers['transfer-encoding'] !== undefined
  return hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) : undefined
}

async function send(answer: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(answer.status, [...answer.headers].flat())
  if (answer.body === null) return void outgoing.end()
  await pipeline(Readable.fromWeb(answer.body as never), outgoing)
}
