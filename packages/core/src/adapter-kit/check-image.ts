import { createHash } from 'node:crypto'
import { Igny8Error } from '../errors/igny8-error.ts'
import { type SniffedImage, sniffImage } from './sniff-image.ts'

export interface CheckedImage extends SniffedImage {
  /** SHA-256 of the bytes in hex. */
  readonly contentHash: string
}

/** What an image may be at most: 20 MiB, and 50 million pixels when it is unpacked. */
export const imageLimits = { maxBytes: 20 * 1024 * 1024, maxPixels: 50_000_000 }

/** Type and size by the bytes, within limits, wherever the bytes came from. Throws `IMAGE_REFUSED`. */
export function checkImage(bytes: Uint8Array, limits: typeof imageLimits = imageLimits): CheckedImage {
  if (bytes.length > limits.maxBytes)
    throw refused(`The image has ${bytes.length} bytes.`, `Use one of at most ${limits.maxBytes} bytes.`)
  const sniffed = sniffImage(bytes)
  const { width, height } = sniffed
  if (width * height > limits.maxPixels)
    throw refused(`The image has ${width} × ${height} pixels.`, `Use one of at most ${limits.maxPixels} pixels.`)
  return { ...sniffed, contentHash: createHash('sha256').update(bytes).digest('hex') }
}

function refused(message: string, hint: string): Igny8Error {
  return new Igny8Error({ code: 'IMAGE_REFUSED', message, hint })
}
