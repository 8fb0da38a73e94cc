import { Igny8Error, isIgny8Error, sniffImage } from '@igny8/core/adapter-kit'

/**
 * Bytes of an image that came as base64, with or without `data:` before it. Throws `IMAGE_REFUSED` where they are none: the vendor
 * may have billed for them.
 */
export function decodeImage(base64: string): Uint8Array {
  const bytes = Buffer.from(base64.slice(base64.startsWith('data:') ? base64.indexOf(',') + 1 : 0), 'base64')
  try {
    sniffImage(bytes)
    return bytes
  } catch (error) {
    throw new Igny8Error({
      code: 'IMAGE_REFUSED',
      message: `The vendor sent as an image: ${isIgny8Error(error) ? error.message : 'something else.'}`,
      hint: 'Try again; if it stays so, the vendor has changed its API.',
      retryable: true,
      effect: 'unknown',
      details: { bytes: bytes.length },
    })
  }
}
