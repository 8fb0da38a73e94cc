import { expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform, writeOnSite } from './connected-account.ts'

it('a pull meets what was created with a time long past, although a newer item is known already', async () => {
  const world = await connectToFakePlatform({ maxPageSize: 2 })
  const { account, platform, clock, integration } = world
  await writeOnSite(world, 'First')
  await account.sync.pull({ integrationId: integration.id })
  await clock.advance(3 * 3_600_000)
  for (const title of ['Imported-1', 'Imported-2', 'Imported-3']) {
    const item = platform.items.get(await writeOnSite(world, title))
    Object.assign(item ?? {}, { modifiedAt: new Date('2020-01-01T00:00:00.000Z') })
  }
  await account.content.publish((await approvedContent(world, { title: 'Ours' })).id)
  await account.sync.pull({ integrationId: integration.id })
  const titles = (await account.content.list()).items.map(({ title }) => title).sort()
  expect(titles).toEqual(['First', 'Imported-1', 'Imported-2', 'Imported-3', 'Ours'])
})
