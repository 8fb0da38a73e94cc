import { httpError } from './problem.ts'

/** The bytes of a body. Throws `BODY_TOO_LARGE` before more than `limitBytes` of them are held. */
export async function readBytes(request: Request, limitBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw bodyTooLarge(limitBytes)
  if (request.body === null) return new Uint8Array()
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks, size)
    size += value.byteLength
    if (size > limitBytes) {
      await reader.cancel().catch(() => undefined)
      throw bodyTooLarge(limitBytes)
    }
    chunks.push(value)
  }
}

export function bodyTooLarge(limitBytes: number) {
  return httpError('BODY_TOO_LARGE', {
    message: `The body has more than ${limitBytes} bytes.`,
    hint: 'Send less at once.',
    details: { limitBytes },
  })
}
