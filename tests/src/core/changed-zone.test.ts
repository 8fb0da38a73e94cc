import { expect, it } from 'vitest'
import { connectToFakePlatform, writeOnSite } from './connected-account.ts'

it('a pull compares all ids of a site that changed its zone, as times do not sort any more', async () => {
  const world = await connectToFakePlatform()
  const { account, platform, clock, integration } = world
  const { adapter } = platform
  const { open } = adapter
  let timezone = 'Europe/Berlin'
  Object.assign(adapter, {
    open(connection: Parameters<typeof open>[0]) {
      const client = open(connection)
      return { ...client, pull: { ...client.pull, readTimezone: async () => timezone } }
    },
  })
  await writeOnSite(world, 'First')
  const sweeps = async () => {
    await clock.advance(60_000)
    platform.calls.length = 0
    await account.sync.pull({ integrationId: integration.id })
    return platform.calls.filter((call) => call === 'pull.listOutlines').length > 0
  }
  await account.sync.pull({ integrationId: integration.id })
  expect(await sweeps()).toBe(false)
  timezone = 'Pacific/Kiritimati'
  expect(await sweeps()).toBe(true)
  expect(await sweeps()).toBe(false)
})
