import { expect, it } from 'vitest'
import { connectToFakePlatform, writeOnSite } from './connected-account.ts'

it.each([
  ['an edit that nobody here has seen', 'Edited, then trashed', ['trash']],
  ['nothing new', 'Old', []],
] as const)('the policy to delete leaves in the trash of the site what holds %s', async (_name, title, expected) => {
  const world = await connectToFakePlatform()
  const { account, platform, clock, integration } = world
  const { id: integrationId } = integration
  await account.connections.update({ integrationId, changes: { config: { deletions: 'delete' } } })
  const externalId = await writeOnSite(world, 'Old')
  await account.sync.pull({ integrationId })
  const [content] = (await account.content.list()).items
  await account.content.remove(content?.id ?? '')
  await clock.advance(60_000)
  if (title !== 'Old') platform.edit(externalId, { title })
  const item = platform.items.get(externalId)
  if (item === undefined) throw new Error('nothing was written')
  // Trashed between the pull of this run and its removal.
  platform.interfere.before = (call) => {
    if (call === 'content.get' && item.state !== 'trashed') platform.trash(item)
  }
  await account.sync.run({ integrationId })
  expect([...platform.items.values()].map(({ status }) => status)).toEqual(expected)
})
