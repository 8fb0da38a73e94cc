import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform } from './connected-account.ts'

const lost = () => new Igny8Error({ code: 'CONNECTION_FAILED', message: 'reset', effect: 'unknown', retryable: true })

describe('terms', () => {
  it('are one here and there, where the answer to their creation was lost before a pull met them', async () => {
    const world = await connectToFakePlatform()
    const { account, platform, integration, site, clock } = world
    const news = await account.taxonomies.create({ siteId: site.id, type: 'category', name: 'News' })
    const content = await approvedContent(world, { taxonomyIds: [news.id] })
    platform.interfere.after = (call) => {
      if (call === 'taxonomies.create') throw lost()
    }
    await expect(account.content.publish(content.id)).rejects.toMatchObject({ effect: 'unknown' })
    platform.interfere = {}
    await clock.advance(60_000)
    await account.sync.pull({ integrationId: integration.id })
    expect(
      (await account.taxonomies.list({ type: 'category' })).items.filter(({ name }) => name === 'News'),
    ).toMatchObject([{ id: news.id }])
    await account.content.publish(content.id)
    expect(platform.calls.filter((call) => call === 'taxonomies.create')).toHaveLength(1)
  })

  it('are read in pages no larger than the platform gives', async () => {
    const world = await connectToFakePlatform({ maxPageSize: 5 })
    const { adapter } = world.platform
    const { open } = adapter
    const limits: number[] = []
    Object.assign(adapter, {
      open(connection: Parameters<typeof open>[0]) {
        const client = open(connection)
        const { taxonomies } = client
        if (taxonomies === undefined) return client
        const list: typeof taxonomies.list = (input) => {
          limits.push(input.limit)
          return taxonomies.list(input)
        }
        return { ...client, taxonomies: { ...taxonomies, list } }
      },
    })
    await world.account.sync.pull({ integrationId: world.integration.id })
    expect(new Set(limits)).toEqual(new Set([5]))
  })
})
