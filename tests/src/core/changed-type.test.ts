import { describe, expect, it } from 'vitest'
import { connectToFakePlatform, writeOnSite } from './connected-account.ts'

describe('an item that became another type on the site', () => {
  it('lets its open conflict be decided', async () => {
    const world = await connectToFakePlatform()
    const { account, platform, clock, integration } = world
    const externalId = await writeOnSite(world, 'Old')
    await account.sync.pull({ integrationId: integration.id })
    const [content] = (await account.content.list()).items
    if (content === undefined) throw new Error('nothing was pulled')
    await account.content.update({ contentId: content.id, version: content.version, changes: { title: 'Ours' } })
    await clock.advance(60_000)
    platform.edit(externalId, { title: 'Theirs' })
    await account.sync.pull({ integrationId: integration.id })
    const [conflict] = (await account.conflicts.list()).items
    Object.assign(platform.items.get(externalId) ?? {}, { type: 'page' })
    await account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { title: 'theirs' } })
    expect((await account.content.list()).items).toMatchObject([{ title: 'Theirs', type: 'page' }])
  })
})
