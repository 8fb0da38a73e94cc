import { expect, it } from 'vitest'
import { checkImage, imageLimits } from './check-image.ts'

function png(width: number, height: number, length = 64): Uint8Array {
  const bytes = Buffer.alloc(length)
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

it('tells type, size and hash of an image within the limits', () => {
  expect(checkImage(png(10_000, 5_000))).toMatchObject({
    mediaType: 'image/png',
    width: 10_000,
    height: 5_000,
    contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})

it.each([
  ['a pixel row too many', png(10_000, 5_001)],
  ['a byte too many', png(1, 1, imageLimits.maxBytes + 1)],
  ['no image', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
])('refuses %s', (_what, bytes) => {
  expect(() => checkImage(bytes)).toThrow(expect.objectContaining({ code: 'IMAGE_REFUSED', hint: expect.any(String) }))
})
