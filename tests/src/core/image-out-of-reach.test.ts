import { describe, expect, it } from 'vitest'
import { openPublishingWorld } from '../publishing/publishing-world.ts'
import { approvedContent, connectToFakePlatform } from './connected-account.ts'

/** Refused before anything is sent, as a host that does not exist is. */
const imageUrl = 'http://169.254.169.254/hero.png'

describe('an image that cannot be had', () => {
  it('fails its own content, and no other push of the site', async () => {
    const world = await connectToFakePlatform()
    const image = await world.account.images.create({ siteId: world.site.id, imageUrl })
    const without = await approvedContent(world, { title: 'Without' })
    const withImage = await approvedContent(world, { title: 'With', featuredImageId: image.id })
    const contentIds = [withImage.id, without.id]
    const [failed, published] = await world.account.sync.pushMany({ contentIds })
    expect(published).toMatchObject({ ok: true, contentId: without.id })
    expect(failed).toMatchObject({
      ok: false,
      error: {
        code: 'IMAGE_REFUSED',
        message: expect.stringMatching(/^The featured image cannot be had: /),
        effect: 'none',
        details: { imageId: image.id, reason: 'OUTBOUND_REFUSED' },
      },
    })
    const run = await world.account.sync.run({ integrationId: world.integration.id })
    expect(run).toMatchObject({ status: 'completed', counts: { failed: 1 } })
  })

  it('does not pause the publishing of its site', async () => {
    const world = await openPublishingWorld()
    const image = await world.account.images.create({ siteId: world.siteId, imageUrl })
    const withImage = await approvedContent(world, { title: 'With', featuredImageId: image.id })
    await world.approve('Without')
    expect(await world.publishing.tick(world.siteId)).toMatchObject({ failed: 1, paused: 0 })
    expect(await world.statusOf(withImage.id)).toBe('failed')
    await world.runFor(15 * 60_000)
    expect(world.live().map(({ title }) => title)).toEqual(['Without'])
  })
})
