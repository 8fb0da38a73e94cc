import type { IncomingMessage } from 'node:http'
import { bodyTooLarge } from './read-bytes.ts'

/** The bytes of a body, off a server of Node. Throws `BODY_TOO_LARGE` before more than `limitBytes` of them are held. */
export function readIncoming(incoming: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const chunks: Uint8Array[] = []
  let size = 0
  const give = (chunk: Uint8Array) => {
    size += chunk.byteLength
    if (size <= limitBytes) return void chunks.push(chunk)
    // Without listeners it goes on flowing: what is left goes by unheld, and the next request of the connection is heard.
    fail(bodyTooLarge(limitBytes))
  }
  const end = () => {
    stop()
    resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size))
  }
  const fail = (error: Error) => {
    stop()
    reject(error)
  }
  const close = () => fail(new Error('The connection ended before the body did.'))
  const stop = () => void incoming.off('data', give).off('end', end).off('error', fail).off('close', close)
  if (Number(incoming.headers['content-length'] ?? 0) > limitBytes) reject(bodyTooLarge(limitBytes))
  else if (incoming.destroyed) close()
  else incoming.on('data', give).on('end', end).on('error', fail).on('close', close)
  return promise
}
