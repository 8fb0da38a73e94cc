import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import type { MediaUpload } from '../ports/platform-media.ts'
import type { PlatformSuite } from './platform-contract-suite.ts'

export function platformMediaContract({ describe, test }: PlatformSuite): void {
  describe('media', () => {
    test('uploads an image and finds it by its content', async ({ client, name }) => {
      const { media } = client
      if (media === undefined) return
      const image = buildImageUpload(name)
      assert.equal(await media.findByContentHash(image.contentHash), null)
      const uploaded = await media.upload(image)
      assert.equal(uploaded.alt, image.alt)
      assert.equal(uploaded.title, image.title)
      assert.equal(uploaded.mediaType, 'image/png')
      assert.ok(URL.canParse(uploaded.url))
      assert.deepEqual(await media.findByContentHash(image.contentHash), uploaded)
      assert.deepEqual(await media.getMany(['999999999', uploaded.externalId]), [uploaded])
      assert.deepEqual(await media.getMany([]), [])
    })

    test('asks right before an upload leaves, and stores nothing where the answer is no', async ({ client, name }) => {
      const { media } = client
      if (media === undefined) return
      const no = new Error('not any more')
      const beforeSend = async () => {
        throw no
      }
      const image = buildImageUpload(name)
      await assert.rejects(media.upload(image, { beforeSend }), no)
      assert.equal(await media.findByContentHash(image.contentHash), null)
    })

    test('sets and takes away the featured image', async ({ client, create, type, name }) => {
      if (client.media === undefined) return
      const { externalId: mediaId } = await client.media.upload(buildImageUpload(name))
      const { externalId, fields } = await create({ title: name, featuredMediaId: mediaId })
      assert.equal(fields.featuredMediaId, mediaId)
      const set = (featuredMediaId: string | null) =>
        client.content.update({ type, externalId, fields: { featuredMediaId } })
      assert.equal((await set(null)).fields.featuredMediaId, null)
      assert.equal((await set(mediaId)).fields.featuredMediaId, mediaId)
      const renamed = await client.content.update({ type, externalId, fields: { title: `${name} renamed` } })
      assert.equal(renamed.fields.featuredMediaId, mediaId)
    })
  })
}

/** A small PNG that no site has yet. */
export function buildImageUpload(name: string): MediaUpload {
  const pixels = Buffer.concat([Buffer.from([0]), randomBytes(6), Buffer.from([0]), randomBytes(6)])
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0])
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const bytes = Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
  const contentHash = createHash('sha256').update(bytes).digest('hex')
  return { bytes, mediaType: 'image/png', contentHash, alt: `Alt of ${name}, 50% "off"`, title: `Title of ${name}` }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
