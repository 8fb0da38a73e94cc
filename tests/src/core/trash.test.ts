import { describe, expect, it } from 'vitest'
import { connectToFakePlatform, writeOnSite } from './connected-account.ts'

describe('an item that comes back from the trash of the site', () => {
  it('brings the edit with it that was made before it went there', async () => {
    const world = await connectToFakePlatform()
    const { account, platform, clock, integration } = world
    const externalId = await writeOnSite(world, 'Old')
    await account.sync.pull({ integrationId: integration.id })
    await clock.advance(60_000)
    platform.edit(externalId, { title: 'Edited, then trashed' })
    const item = platform.items.get(externalId)
    if (item === undefined) throw new Error('nothing was written')
    platform.trash(item)
    await account.sync.pull({ integrationId: integration.id })
    expect((await account.content.list()).count).toBe(0)
    await clock.advance(60_000)
    const slug = item.fields.slug.replace('__trashed', '')
    Object.assign(item, { status: 'publish', state: 'published', modifiedAt: clock.now() })
    item.fields = { ...item.fields, slug }
    await account.sync.pull({ integrationId: integration.id })
    expect((await account.content.list()).items).toMatchObject([{ title: 'Edited, then trashed', slug }])
  })
})
