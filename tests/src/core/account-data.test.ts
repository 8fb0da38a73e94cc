import type { ExportedRow } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform, tinyPng, writeOnSite } from './connected-account.ts'
import { shortenPages } from './short-pages.ts'

async function filledWorld(storage = createMemoryStorage()) {
  const world = await connectToFakePlatform({ storage })
  const { account, site } = world
  await writeOnSite(world, 'Theirs')
  await account.sync.pull({ integrationId: world.integration.id })
  const term = await account.taxonomies.create({ siteId: site.id, type: 'category', name: 'Ours' })
  const image = await account.images.create({ siteId: site.id, bytes: tinyPng() })
  const content = await approvedContent(world, { taxonomyIds: [term.id], featuredImageId: image.id })
  await account.content.publish(content.id)
  await account.publishing.settings.getOrCreateForSite(site.id)
  return { ...world, content, image }
}

async function exported(account: Awaited<ReturnType<typeof filledWorld>>['account']): Promise<readonly ExportedRow[]> {
  const rows: ExportedRow[] = []
  for await (const row of account.export()) rows.push(row)
  return rows
}

describe('the export of an account', () => {
  it('holds every row, parents before what refers to them', async () => {
    const { account } = await filledWorld()
    const kinds = (await exported(account)).map(({ kind }) => kind)
    expect([...new Set(kinds)]).toEqual([
      'site',
      'integration',
      'taxonomy',
      'image',
      'content',
      'contentVersion',
      'link',
      'event',
      'publishingSettings',
    ])
    expect(kinds.filter((kind) => kind === 'content')).toHaveLength(2)
    expect(kinds.filter((kind) => kind === 'link').length).toBeGreaterThanOrEqual(4)
  })

  it('holds the last row of more than a page, too', async () => {
    const world = await filledWorld(shortenPages(createMemoryStorage()))
    for (const title of ['One', 'Two', 'Three']) await approvedContent(world, { title })
    const titles = (await exported(world.account)).flatMap(({ kind, row }) => (kind === 'content' ? row.title : []))
    expect(titles).toEqual(['Theirs', 'Title', 'One', 'Two', 'Three'])
  })

  it('holds no credential, and nothing of another account', async () => {
    const { account, igny8, storage } = await filledWorld()
    const stored = await storage.forAccount('acct').sites.list({ limit: 1 })
    const text = JSON.stringify(await exported(account))
    for (const secret of ['fake-password', stored.items[0]?.siteKey, stored.items[0]?.wpApiKey])
      if (secret != null) expect(text).not.toContain(secret)
    expect(text).not.toMatch(/wpApiKey|siteKey|credentials|webhookSecrets/)
    expect(await exported(igny8.forAccount('other'))).toEqual([])
  })

  it('ends when its signal says so', async () => {
    const { account } = await filledWorld()
    const rows = account.export({ signal: AbortSignal.abort() })
    await expect(rows.next()).rejects.toThrow()
  })
})

describe('removing an account', () => {
  it('leaves nothing of it here, and everything on the site', async () => {
    const { account, igny8, platform, storage, image } = await filledWorld()
    const hash = image.contentHash ?? ''
    expect(await storage.assets.get({ accountId: 'acct', hash })).toBeDefined()
    const other = igny8.forAccount('other')
    await other.connections.connect({ platform: 'fake', url: platform.url, ...platform.credentials })
    const before = platform.items.size
    await account.removeAll()
    await account.removeAll()
    expect(await exported(account)).toEqual([])
    expect(await storage.assets.get({ accountId: 'acct', hash })).toBeUndefined()
    expect(platform.items.size).toBe(before)
    expect((await exported(other)).map(({ kind }) => kind)).toEqual(['site', 'integration'])
  })

  it('lets a sync under way write nothing more', async () => {
    const world = await filledWorld()
    const { account, integration, platform } = world
    await writeOnSite(world, 'Late')
    await world.clock.advance(60_000)
    platform.interfere.before = async (call) => {
      if (call === 'pull.listModifiedSince') await account.removeAll()
    }
    await expect(account.sync.pull({ integrationId: integration.id })).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await exported(account)).toEqual([])
  })
})
