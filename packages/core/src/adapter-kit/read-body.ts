import { Igny8Error } from '../errors/igny8-error.ts'

/** Reads a decoded body up to `maxBytes`. Throws `ANSWER_TOO_LARGE`; the caller's signal ends a body that drips. */
export async function readBody(response: Response, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array()
  const reader = response.body.getReader()
  const abandon = () => void reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', abandon, { once: true })
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      signal.throwIfAborted()
      if (done) return Buffer.concat(chunks, size)
      size += value.byteLength
      if (size > maxBytes) throw tooLarge(maxBytes)
      chunks.push(value)
    }
  } finally {
    signal.removeEventListener('abort', abandon)
    abandon()
  }
}

function tooLarge(maxBytes: number): Igny8Error {
  return new Igny8Error({
    code: 'ANSWER_TOO_LARGE',
    message: `The answer is larger than ${maxBytes} bytes.`,
    hint: 'The address leads to something else than expected, or an endless answer; check it in a browser.',
    details: { maxBytes },
  })
}
