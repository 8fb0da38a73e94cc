/** Pixels. */
export interface ImageSize {
  readonly width: number
  readonly height: number
}

/** `undefined`: the bytes break off, or are not of this type after all. So for all of these. */
export function readPngSize(data: Buffer): ImageSize | undefined {
  if (data.length < 33 || data.toString('latin1', 12, 16) !== 'IHDR') return undefined
  return { width: data.readUInt32BE(16), height: data.readUInt32BE(20) }
}

export function readGifSize(data: Buffer): ImageSize | undefined {
  if (data.length < 13) return undefined
  return { width: data.readUInt16LE(6), height: data.readUInt16LE(8) }
}

/** Walks the segments to the frame header. */
export function readJpegSize(data: Buffer): ImageSize | undefined {
  let at = 2
  while (at + 9 <= data.length && data[at] === 0xff) {
    const kind = data[at + 1] ?? 0
    const frame = kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc
    if (frame) return { height: data.readUInt16BE(at + 5), width: data.readUInt16BE(at + 7) }
    at += kind === 0xff ? 1 : 2 + data.readUInt16BE(at + 2)
  }
  return undefined
}

export function readWebpSize(data: Buffer): ImageSize | undefined {
  const chunk = data.toString('latin1', 12, 16)
  if (chunk === 'VP8L' && data.length >= 25 && data[20] === 0x2f) {
    const bits = data.readUInt32LE(21)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (data.length < 30) return undefined
  if (chunk === 'VP8X') return { width: data.readUIntLE(24, 3) + 1, height: data.readUIntLE(27, 3) + 1 }
  if (chunk === 'VP8 ' && data.toString('latin1', 23, 26) === '\x9d\x01\x2a')
    return { width: data.readUInt16LE(26) & 0x3fff, height: data.readUInt16LE(28) & 0x3fff }
  return undefined
}

/** The largest of the `ispe` boxes: an image may be a grid of tiles that are listed before it. They stand near the start. */
export function readAvifSize(data: Buffer): ImageSize | undefined {
  const head = data.subarray(0, 65_536)
  let largest: ImageSize | undefined
  for (let at = head.indexOf('ispe'); at >= 0 && at + 16 <= head.length; at = head.indexOf('ispe', at + 4)) {
    const size = { width: head.readUInt32BE(at + 8), height: head.readUInt32BE(at + 12) }
    if (largest === undefined || size.width * size.height > largest.width * largest.height) largest = size
  }
  return largest
}
