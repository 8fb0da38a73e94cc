import { Igny8Error } from '@igny8/core'
import { expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform } from './connected-account.ts'

const lost = () => new Igny8Error({ code: 'TIMEOUT', message: 'late', effect: 'unknown', retryable: true })

it('a content that was removed and restored while its create was in doubt has one item on the site', async () => {
  const world = await connectToFakePlatform()
  const { account, platform, clock, integration } = world
  const { id: integrationId } = integration
  const content = await approvedContent(world)
  platform.interfere.after = (call) => {
    if (call === 'content.create') throw lost()
  }
  platform.interfere.before = (call) => {
    if (call === 'content.findByMarker') throw lost()
  }
  await expect(account.content.publish(content.id)).rejects.toMatchObject({ effect: 'unknown' })
  platform.interfere = {}
  await account.content.remove(content.id)
  await account.content.restore(content.id)
  await account.sync.run({ integrationId })
  await clock.advance(60_000)
  await account.content.approve(content.id)
  await account.content.publish(content.id)
  expect([...platform.items.values()].map(({ status }) => status)).toEqual(['publish'])
  expect(platform.calls.filter((call) => call === 'content.create')).toHaveLength(1)
})
