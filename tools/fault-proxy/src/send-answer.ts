import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { SiteAnswer } from './carry-out.ts'

/** A whole answer; the connection may be used again. */
export async function sendWhole(outgoing: ServerResponse, answer: SiteAnswer): Promise<void> {
  writeHead(outgoing, answer, answer.body.length)
  await end(outgoing, answer.body)
}

/** Half of the body, under the length that is given, and an orderly end of the connection. */
export async function sendHalf(
  outgoing: ServerResponse,
  answer: SiteAnswer,
  declares: 'sent' | 'whole',
): Promise<void> {
  const half = halfOf(answer.body)
  writeHead(outgoing, answer, declares === 'sent' ? half.length : answer.body.length)
  if (declares === 'sent') return end(outgoing, half)
  await write(outgoing, half)
  outgoing.socket?.end()
}

/** The head and half of the body, then a reset. */
export async function sendAndReset(outgoing: ServerResponse, answer: SiteAnswer): Promise<void> {
  writeHead(outgoing, answer, answer.body.length)
  await write(outgoing, halfOf(answer.body))
  // A reset takes from the client what it has not read yet.
  await delay(20)
  reset(outgoing)
}

export async function sendInPieces(
  outgoing: ServerResponse,
  answer: SiteAnswer,
  pause: () => Promise<void>,
  pieces: number,
): Promise<void> {
  writeHead(outgoing, answer, answer.body.length)
  const size = Math.max(1, Math.ceil(answer.body.length / pieces))
  for (let piece = 0; piece < pieces; piece++) {
    await pause()
    if (outgoing.destroyed) return
    await write(outgoing, answer.body.subarray(piece * size, (piece + 1) * size))
  }
  await end(outgoing, Buffer.alloc(0))
}

/** As a peer that died: without the bytes that end a connection. */
export function reset(outgoing: ServerResponse): void {
  outgoing.socket?.resetAndDestroy()
}

function halfOf(body: Buffer): Buffer {
  return body.subarray(0, Math.floor(body.length / 2))
}

function writeHead(outgoing: ServerResponse, answer: SiteAnswer, length: number): void {
  if (outgoing.destroyed) return
  outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': length })
}

function write(outgoing: ServerResponse, bytes: Buffer): Promise<void> {
  return untilClosedOr(outgoing, (done) => (bytes.length === 0 ? done() : outgoing.write(bytes, done)))
}

function end(outgoing: ServerResponse, bytes: Buffer): Promise<void> {
  return untilClosedOr(outgoing, (done) => outgoing.end(bytes, done))
}

/** A client that is gone takes nothing any more, and nobody says so. */
function untilClosedOr(outgoing: ServerResponse, work: (done: () => void) => unknown): Promise<void> {
  return new Promise((resolve) => {
    if (outgoing.destroyed) return resolve()
    const done = () => {
      outgoing.off('close', done)
      resolve()
    }
    outgoing.once('close', done)
    work(done)
  })
}
