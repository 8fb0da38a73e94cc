import { Igny8Error } from '@igny8/core'
import { expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform, writeOnSite } from './connected-account.ts'

it('the marker of a create does not become the slug of its content, whatever happens to the draft', async () => {
  const world = await connectToFakePlatform()
  const { account, platform, clock, integration } = world
  const content = await approvedContent(world)
  // Created, the answer lost, trashed by somebody, and only then found.
  platform.interfere.after = (call) => {
    const [draft] = platform.items.values()
    if (call !== 'content.create' || draft === undefined) return
    platform.trash(draft)
    throw new Igny8Error({ code: 'CONNECTION_FAILED', message: 'reset', effect: 'unknown' })
  }
  await expect(account.content.publish(content.id)).rejects.toMatchObject({ code: 'REMOTE_NOT_FOUND' })
  platform.interfere = {}
  const [item] = platform.items.values()
  if (item === undefined) throw new Error('nothing was created')
  const slug = item.fields.slug.replace('__trashed', '')
  await clock.advance(60_000)
  Object.assign(item, { status: 'draft', state: 'draft', modifiedAt: clock.now(), fields: { ...item.fields, slug } })
  await account.sync.pull({ integrationId: integration.id })
  expect((await account.content.get(content.id)).slug).toBeNull()
  await account.content.publish(content.id)
  expect([...platform.items.values()].map(({ fields }) => fields.slug)).toEqual(['title'])
})

it('nor does the marker of a draft that another host has left behind', async () => {
  const world = await connectToFakePlatform()
  const { account, platform, clock, integration } = world
  const item = platform.items.get(await writeOnSite(world, 'Left', 'draft'))
  if (item === undefined) throw new Error('nothing was written')
  item.fields = { ...item.fields, slug: `igny8-${'0'.repeat(32)}` }
  await clock.advance(25 * 3_600_000)
  await account.sync.pull({ integrationId: integration.id })
  const [content] = (await account.content.list()).items
  await account.content.approve(content?.id ?? '')
  await account.sync.push({ contentId: content?.id ?? '', as: 'draft' })
  expect((await account.content.list()).items).toMatchObject([{ title: 'Left', slug: null }])
})
