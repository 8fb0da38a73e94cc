import { expect, it } from 'vitest'
import { connectToFakePlatform, writeOnSite } from './connected-account.ts'

/** A site whose zone the test changes. */
async function connectToZone(options: { readonly maxPageSize?: number } = {}) {
  const world = await connectToFakePlatform(options)
  const { adapter } = world.platform
  const { open } = adapter
  let timezone = 'Europe/Berlin'
  Object.assign(adapter, {
    open(connection: Parameters<typeof open>[0]) {
      const client = open(connection)
      return { ...client, pull: { ...client.pull, readTimezone: async () => timezone } }
    },
  })
  const moveTo = (zone: string) => {
    timezone = zone
  }
  return { ...world, moveTo, pull: () => world.account.sync.pull({ integrationId: world.integration.id }) }
}

it('a pull compares all ids of a site that changed its zone, as times do not sort any more', async () => {
  const world = await connectToZone()
  const { platform, clock, pull, moveTo } = world
  await writeOnSite(world, 'First')
  const sweeps = async () => {
    await clock.advance(60_000)
    platform.calls.length = 0
    await pull()
    return platform.calls.filter((call) => call === 'pull.listOutlines').length > 0
  }
  await pull()
  expect(await sweeps()).toBe(false)
  moveTo('Pacific/Kiritimati')
  expect(await sweeps()).toBe(true)
  expect(await sweeps()).toBe(false)
})

it('a sweep that was interrupted begins anew where the zone was changed meanwhile', async () => {
  const world = await connectToZone({ maxPageSize: 3 })
  const { account, platform, clock, pull, moveTo } = world
  const ids: string[] = []
  for (let number = 1; number <= 6; number++) ids.push(await writeOnSite(world, `Post-${number}`))
  await clock.advance(60_000)
  let outlines = 0
  platform.interfere.before = (call) => {
    if (call === 'pull.listOutlines' && ++outlines > 1) throw new Error('down')
  }
  await expect(pull()).rejects.toThrow()
  platform.interfere = {}
  // Edited in the old zone, so that its time lies before all that is looked at in the new one.
  platform.edit(ids[0] ?? '', { title: 'Edited' })
  Object.assign(platform.items.get(ids[0] ?? '') ?? {}, { modifiedAt: new Date('2019-05-05T05:05:05Z') })
  moveTo('Pacific/Kiritimati')
  await clock.advance(60_000)
  await pull()
  expect((await account.content.list({ search: 'Edited' })).count).toBe(1)
})
