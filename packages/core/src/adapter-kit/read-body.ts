import { type Effect, Igny8Error } from '../errors/igny8-error.ts'

export interface BodyLimits {
  readonly maxBytes: number
  /** Ends a body that drips. */
  readonly signal: AbortSignal
  /** What the request has done when its answer is not read to the end. */
  readonly effect: Effect
  readonly onChunk?: ((chunk: Uint8Array) => void) | undefined
}

/** Reads a decoded body up to `maxBytes`. Throws `ANSWER_TOO_LARGE`. */
export async function readBody(response: Response, limits: BodyLimits): Promise<Uint8Array> {
  const { maxBytes, signal, effect, onChunk } = limits
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
      if (size > maxBytes) throw tooLarge(maxBytes, effect)
      chunks.push(value)
      onChunk?.(value)
    }
  } finally {
    signal.removeEventListener('abort', abandon)
    abandon()
  }
}

function tooLarge(maxBytes: number, effect: Effect): Igny8Error {
  return new Igny8Error({
    code: 'ANSWER_TOO_LARGE',
    message: `The answer is larger than ${maxBytes} bytes.`,
    hint: 'The address leads to something else than expected, or an endless answer; check it in a browser.',
    effect,
    details: { maxBytes },
  })
}
