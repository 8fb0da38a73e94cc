import { createServer } from 'node:http'
import { deflateSync } from 'node:zlib'

/** A picture on the web, as a customer's image would be: a PNG made here, served on loopback. */
export async function serveImage(): Promise<{
  readonly url: string
  readonly origin: string
  requests(): number
  close(): Promise<void>
}> {
  const png = paintPng(640, 360)
  let requests = 0
  const server = createServer((_request, answer) => {
    requests++
    answer.writeHead(200, { 'content-type': 'image/png', 'content-length': png.length }).end(png)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    url: `${origin}/harbour.png`,
    origin,
    requests: () => requests,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}

/** A gradient, as the smallest valid PNG: signature, IHDR, IDAT, IEND. */
function paintPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const rows = Buffer.alloc(height * (1 + width * 3))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * (1 + width * 3) + 1 + x * 3
      rows.set([Math.round((x / width) * 255), Math.round((y / height) * 255), 140], at)
    }
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
