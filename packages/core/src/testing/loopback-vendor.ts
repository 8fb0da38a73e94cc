import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'

/** A request as the server read it. */
export interface ReceivedRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  /** Where the server listens. */
  readonly origin: string
}

/** What the server answers: recorded from the vendor, or written after its specification. */
export interface ScriptedAnswer {
  /** @default 200 */
  readonly status?: number
  /** @default JSON */
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/** An answer, or one made from the request, for vendors that repeat ids of it. */
export type Exchange = ScriptedAnswer | ((request: ReceivedRequest) => ScriptedAnswer)

/**
 * How a body travels: `whole`; in `pieces` of so many bytes; `cut` off after so many by a broken connection; `ended` after so many as if that
 * were all; `held` open after so many; `endless`, in its place, a body that does not stop.
 */
export type Delivery =
  | { readonly kind: 'whole' }
  | { readonly kind: 'endless' }
  | { readonly kind: 'pieces' | 'cut' | 'ended' | 'held'; readonly bytes: number }

/** A server in a vendor's place, on this machine. */
export interface LoopbackVendor {
  readonly origin: string
  readonly received: readonly ReceivedRequest[]
  /** One exchange a request; the last one is repeated. */
  script(exchanges: readonly Exchange[], delivery?: Delivery): void
  /** How many connections the other side closed before their answer was complete. */
  leftEarly(): number
  close(): Promise<void>
}

const nothing: ScriptedAnswer = { status: 500, body: 'nothing is scripted' }
/** A comment, for those who read events; no JSON, for those who do not. */
const endlessLine = `:${' '.repeat(65_533)}\n\n`

/** Starts a server that answers by script. */
export async function startLoopbackVendor(): Promise<LoopbackVendor> {
  const received: ReceivedRequest[] = []
  let script: readonly Exchange[] = [nothing]
  let position = 0
  let delivery: Delivery = { kind: 'whole' }
  let left = 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableFinished) left++
    })
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    const read = { method, path: url, headers, body: Buffer.concat(chunks).toString(), origin }
    received.push(read)
    const exchange = script[Math.min(position++, script.length - 1)] ?? nothing
    const scripted = typeof exchange === 'function' ? exchange(read) : exchange
    response.writeHead(scripted.status ?? 200, { 'content-type': 'application/json', ...scripted.headers })
    // Answers to HEAD have no body.
    if (method === 'HEAD') response.end()
    else await deliver(response, Buffer.from(scripted.body), delivery)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    origin,
    received,
    script(exchanges, how = { kind: 'whole' }) {
      script = exchanges
      position = 0
      delivery = how
    },
    leftEarly: () => left,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function deliver(response: ServerResponse, body: Buffer, delivery: Delivery): Promise<void> {
  if (delivery.kind === 'whole') return void response.end(body)
  if (delivery.kind === 'endless') {
    const more = () => void (response.destroyed || response.write(endlessLine, more))
    return more()
  }
  if (delivery.kind !== 'pieces') {
    await write(response, body.subarray(0, delivery.bytes))
    if (delivery.kind === 'ended') response.end()
    if (delivery.kind === 'cut') response.destroy()
    return
  }
  for (let from = 0; from < body.length && !response.destroyed; from += delivery.bytes) {
    await write(response, body.subarray(from, from + delivery.bytes))
    // Gives the socket its turn, so that the pieces do not leave as one.
    await setImmediate()
  }
  response.end()
}

function write(response: ServerResponse, bytes: Buffer): Promise<void> {
  response.flushHeaders()
  return new Promise((resolve) => void response.write(bytes, () => resolve()))
}
