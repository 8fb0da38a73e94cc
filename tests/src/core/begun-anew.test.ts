import { Igny8Error } from '@igny8/core'
import { expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform } from './connected-account.ts'

/** Content that was published three hours ago: its intent is kept, as its draft may arrive twice. */
async function publishedEarlier() {
  const world = await connectToFakePlatform()
  const { id } = await approvedContent(world)
  await world.account.content.publish(id)
  await world.clock.advance(3 * 3_600_000)
  const readIntent = () => world.storage.forAccount('acct').intents.find(world.integration.id, id)
  expect((await readIntent())?.finishedAt).toBeInstanceOf(Date)
  return { ...world, id, readIntent }
}

/** How long a push is open says how soon it is looked at again: an hour after it began, nobody looks but the syncs. */
it('a push that follows a finished one is as old as itself', async () => {
  const { account, clock, platform, id, readIntent } = await publishedEarlier()
  const { version } = await account.content.get(id)
  await account.content.update({ contentId: id, version, changes: { title: 'Changed' } })
  await account.content.approve(id)
  const begunAt = clock.now()
  const lost = new Igny8Error({ code: 'CONNECTION_FAILED', message: 'reset', effect: 'unknown', retryable: true })
  platform.interfere.before = (call) => {
    if (call === 'content.update') throw lost
  }
  await expect(account.content.publish(id)).rejects.toMatchObject({ code: 'CONNECTION_FAILED' })
  expect(await readIntent()).toMatchObject({ finishedAt: null, createdAt: begunAt })
  // Another attempt at the same push makes it no younger.
  await clock.advance(60_000)
  await expect(account.content.publish(id)).rejects.toMatchObject({ code: 'CONNECTION_FAILED' })
  expect(await readIntent()).toMatchObject({ finishedAt: null, createdAt: begunAt })
})

it('a removal that follows a finished push is as old as itself', async () => {
  const { account, clock, id, readIntent } = await publishedEarlier()
  const removedAt = clock.now()
  await account.content.remove(id)
  expect(await readIntent()).toMatchObject({ action: 'remove', finishedAt: null, createdAt: removedAt })
})
