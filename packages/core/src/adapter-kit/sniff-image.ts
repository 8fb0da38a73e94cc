import { Igny8Error } from '../errors/igny8-error.ts'
import { readAvifSize, readGifSize, readJpegSize, readPngSize, readWebpSize } from './read-image-size.ts'

/** What the first bytes of an image tell. */
export interface SniffedImage {
  readonly mediaType: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif' | 'image/avif'
  /** Pixels, from the header. */
  readonly width: number
  readonly height: number
}

/**
 * Type and size by magic bytes, whatever the name or header said. Throws `IMAGE_REFUSED` for anything but the five types, and where the
 * header does not tell a size: it could not be held to a limit of pixels.
 */
export function sniffImage(bytes: Uint8Array): SniffedImage {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [mediaType, readSize] = recognise(data) ?? []
  if (mediaType === undefined || readSize === undefined) throw refused(describeBytes(data), bytes.length)
  const size = readSize(data)
  if (size === undefined || size.width === 0 || size.height === 0)
    throw refused('an image that breaks off in its header', bytes.length)
  return { mediaType, ...size }
}

function recognise(data: Buffer) {
  const latin = (from: number, to: number) => data.toString('latin1', from, to)
  if (latin(0, 8) === '\x89PNG\r\n\x1a\n') return ['image/png', readPngSize] as const
  if (/^GIF8[79]a/.test(latin(0, 6))) return ['image/gif', readGifSize] as const
  if (latin(0, 3) === '\xff\xd8\xff') return ['image/jpeg', readJpegSize] as const
  if (latin(0, 4) === 'RIFF' && latin(8, 12) === 'WEBP') return ['image/webp', readWebpSize] as const
  if (latin(4, 8) === 'ftyp' && /^(.{4})*avi[fs]/s.test(latin(8, 64))) return ['image/avif', readAvifSize] as const
  return undefined
}

function describeBytes(data: Buffer): string {
  const start = data.toString('latin1', 0, 512).trimStart().toLowerCase()
  if (start === '') return 'nothing'
  if (/^(<\?xml[^>]*>\s*)?(<!--[^>]*-->\s*)?<svg/.test(start)) return 'an SVG'
  return start.startsWith('<') ? 'an HTML page' : 'no image of a known type'
}

function refused(what: string, bytes: number): Igny8Error {
  return new Igny8Error({
    code: 'IMAGE_REFUSED',
    message: `The bytes are ${what}.`,
    hint: 'Use a JPEG, PNG, WebP, GIF or AVIF image.',
    details: { bytes },
  })
}
