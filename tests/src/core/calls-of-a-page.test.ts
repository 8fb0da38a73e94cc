import { createIgny8 } from '@igny8/core'
import { createFakeClock, createFakePlatform, createSeededRandom } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { expect, it } from 'vitest'
import { openSite } from './connected-account.ts'
import { wrapCalls } from './wrap-calls.ts'

/** How often the storage is called to pull `number` items of one page: new ones, the same changed, and the same compared once more. */
async function callsOfPulls(number: number) {
  let calls = 0
  const clock = createFakeClock()
  const platform = createFakePlatform({ clock })
  // Each call of a store is a way to a database and back.
  const storage = wrapCalls(createMemoryStorage(), (_name, call) => (...input) => {
    calls++
    return call(...input)
  })
  const igny8 = createIgny8({
    storage,
    platforms: [platform.adapter],
    encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
    clock,
    random: createSeededRandom(1),
  })
  await storage.migrate()
  const account = igny8.forAccount('acct')
  const { integration } = await account.connections.connect({
    platform: 'fake',
    url: platform.url,
    ...platform.credentials,
  })
  const site = openSite({ platform, clock } as Parameters<typeof openSite>[0])
  const externalIds: string[] = []
  const pull = async () => {
    await clock.advance(3 * 3_600_000)
    calls = 0
    const report = await account.sync.pull({ integrationId: integration.id })
    return { calls, counts: report.counts }
  }
  for (let index = 0; index < number; index++) {
    const fields = { title: `Item ${index}`, body: '<p>Text</p>', state: 'published' } as const
    externalIds.push((await site.content.create({ type: 'post', fields })).externalId)
  }
  const first = await pull()
  for (const externalId of externalIds)
    await site.content.update({ type: 'post', externalId, fields: { body: '<p>Changed</p>' } })
  const second = await pull()
  const third = await pull()
  await igny8.stop()
  return { first, second, third }
}

it('a page costs as many calls of the storage, however many of its items are new or changed', async () => {
  const few = await callsOfPulls(3)
  const many = await callsOfPulls(40)
  expect(many.first.counts).toMatchObject({ created: 40 })
  expect(many.second.counts).toMatchObject({ updated: 40 })
  expect([many.first.calls, many.second.calls, many.third.calls]).toEqual([
    few.first.calls,
    few.second.calls,
    few.third.calls,
  ])
})
