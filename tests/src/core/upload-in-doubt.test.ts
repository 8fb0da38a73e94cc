import { Igny8Error } from '@igny8/core'
import { buildImageUpload } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform } from './connected-account.ts'

/** Content with an image whose first upload ends in this way, and how often an upload was tried. */
async function withFailingUpload(
  effect: 'none' | 'unknown',
  when: 'before' | 'sent' | 'after' = 'before',
  waitsMs = 0,
) {
  const world = await connectToFakePlatform()
  const { bytes } = buildImageUpload('in doubt')
  const image = await world.account.images.create({ siteId: world.site.id, bytes: Buffer.from(bytes) })
  const content = await approvedContent(world, { featuredImageId: image.id })
  let uploads = 0
  const fail = () => {
    throw new Igny8Error({ code: 'CONNECTION_FAILED', message: 'reset', effect, retryable: true })
  }
  world.platform.interfere.before = async (call) => {
    if (call !== 'media.upload' || ++uploads > 1) return
    await world.clock.advance(waitsMs)
    if (when === 'before') fail()
  }
  world.platform.interfere.after = (call) => {
    if (call !== 'media.upload' || uploads > 1) return
    // It is on its way still.
    if (when === 'sent') world.platform.media.clear()
    fail()
  }
  const publish = () => world.account.content.publish(content.id)
  await expect(publish()).rejects.toMatchObject({ code: 'CONNECTION_FAILED' })
  return { ...world, publish, uploads: () => uploads }
}

describe('an upload that got no answer', () => {
  it('is not sent again before it can arrive no more', async () => {
    const { clock, platform, publish, uploads } = await withFailingUpload('unknown')
    await clock.advance(44_000)
    await expect(publish()).rejects.toMatchObject({ code: 'REMOTE_FAILED', retryable: true, retryAfterMs: 45_000 })
    expect(uploads()).toBe(1)
    await clock.advance(2_000)
    await publish()
    expect([uploads(), platform.media.size]).toEqual([2, 1])
  })

  it('is waited for from when it left, however long it had waited for its turn', async () => {
    const { clock, publish, uploads } = await withFailingUpload('unknown', 'sent', 90_000)
    await clock.advance(44_000)
    await expect(publish()).rejects.toMatchObject({ code: 'REMOTE_FAILED' })
    expect(uploads()).toBe(1)
  })

  it('is not sent again after a look that left before it could arrive no more', async () => {
    const { clock, platform, publish, uploads } = await withFailingUpload('unknown')
    await clock.advance(44_000)
    platform.interfere.after = async (call) => {
      if (call === 'media.findByContentHash') await clock.advance(5_000)
    }
    await expect(publish()).rejects.toMatchObject({ code: 'REMOTE_FAILED' })
    expect(uploads()).toBe(1)
    platform.interfere.after = () => undefined
    await publish()
    expect([uploads(), platform.media.size]).toEqual([2, 1])
  })

  it('is used as soon as it is found', async () => {
    const { platform, publish, uploads } = await withFailingUpload('unknown', 'after')
    await publish()
    expect([uploads(), platform.media.size]).toEqual([1, 1])
  })

  it('is sent again at once where the site took nothing', async () => {
    const { platform, publish, uploads } = await withFailingUpload('none')
    await publish()
    expect([uploads(), platform.media.size]).toEqual([2, 1])
  })
})
