import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request as sendRequest } from 'node:http'

/** A request as the client sent it, its body read. */
export interface ReceivedRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A whole answer of the site. */
export interface SiteAnswer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer
}

/** Of one connection only, or made anew on either side of the proxy. */
const ownHeaders = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'accept-encoding', 'expect']

/** Sends the request to the site, on a connection of its own and under the host name that the client used, and reads the answer whole. */
export function carryOut(target: string, received: ReceivedRequest): Promise<SiteAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest(
      new URL(received.path, target),
      {
        method: received.method,
        agent: false,
        headers: {
          ...passOn(received.headers),
          connection: 'close',
          ...(received.body.length > 0 || received.method === 'POST' ? { 'content-length': received.body.length } : {}),
        },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const { statusCode: status = 502, headers } = answer
          resolve({ status, headers: passOn(headers), body: Buffer.concat(chunks) })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(received.body)
  })
}

function passOn(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.includes(name)))
}
