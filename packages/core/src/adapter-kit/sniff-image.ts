import { Igny8Error } from '../errors/igny8-error.ts'

export interface SniffedImage {
  readonly mediaType: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif' | 'image/avif'
  /** Pixels, from the header; `null` where the format hides them. */
  readonly width: number | null
  readonly height: number | null
}

/** Type and size by magic bytes, whatever the name or header said. Throws `IMAGE_REFUSED` for anything but the five types. */
export function sniffImage(bytes: Uint8Array): SniffedImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const latin = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1')
  if (latin(0, 8) === '\x89PNG\r\n\x1a\n' && bytes.length >= 24)
    return { mediaType: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
  if (/^GIF8[79]a/.test(latin(0, 6)) && bytes.length >= 10)
    return { mediaType: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) }
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return { mediaType: 'image/jpeg', ...jpegSize(view) }
  if (latin(0, 4) === 'RIFF' && latin(8, 12) === 'WEBP')
    return { mediaType: 'image/webp', ...webpSize(view, latin(12, 16)) }
  if (latin(4, 8) === 'ftyp' && /avi[fs]/.test(latin(8, 32)))
    return { mediaType: 'image/avif', ...avifSize(view, bytes) }
  const start = latin(0, 512).trimStart().toLowerCase()
  const what = /^(<\?xml[^>]*>\s*)?(<!--[^>]*-->\s*)?<svg/.test(start)
    ? 'an SVG'
    : start.startsWith('<')
      ? 'an HTML page'
      : 'no image of a known type'
  throw new Igny8Error({
    code: 'IMAGE_REFUSED',
    message: `The bytes are ${what}.`,
    hint: 'Use a JPEG, PNG, WebP, GIF or AVIF image.',
    details: { bytes: bytes.length },
  })
}

/** Walks the segments to the frame header. */
function jpegSize(view: DataView): Pick<SniffedImage, 'width' | 'height'> {
  let at = 2
  while (at + 9 < view.byteLength && view.getUint8(at) === 0xff) {
    const kind = view.getUint8(at + 1)
    const frame = kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc
    if (frame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    at += kind === 0xff ? 1 : 2 + view.getUint16(at + 2)
  }
  return { width: null, height: null }
}

function webpSize(view: DataView, chunk: string): Pick<SniffedImage, 'width' | 'height'> {
  if (view.byteLength < 30) return { width: null, height: null }
  const uint24 = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536
  if (chunk === 'VP8X') return { width: uint24(24) + 1, height: uint24(27) + 1 }
  if (chunk === 'VP8 ') return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  const bits = view.getUint32(21, true)
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
}

/** The first `ispe` box holds the size. */
function avifSize(view: DataView, bytes: Uint8Array): Pick<SniffedImage, 'width' | 'height'> {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4_096)).indexOf('ispe', 0, 'latin1')
  if (at < 0 || at + 16 > view.byteLength) return { width: null, height: null }
  return { width: view.getUint32(at + 8), height: view.getUint32(at + 12) }
}
