import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { connectToFakePlatform, openSite, writeOnSite } from './connected-account.ts'
import { shortenPages } from './short-pages.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
async function connect() {
  const whole = createMemoryStorage()
  const world = await connectToFakePlatform({ storage: shortenPages(whole) })
  const integrationId = world.integration.id
  const pull = () => world.account.sync.pull({ integrationId })
  const run = () => world.account.sync.run({ integrationId })
  const account = whole.forAccount('acct')
  const listContents = async () =>
    (await account.content.list({ sort: 'createdAt', direction: 'asc', limit: 50, includeRemoved: true })).items
  return { ...world, integrationId, pull, run, whole: account, listContents }
}

async function pulledSite(count: number) {
  const world = await connect()
  const ids: string[] = []
  for (let number = 1; number <= count; number++) ids.push(await writeOnSite(world, `Post-${number}`))
  await world.clock.advance(60_000)
  await world.pull()
  return { ...world, ids }
}

const names = ['One', 'Two', 'Three', 'Four', 'Five']
const newTerm = (name: string) =>
  ({ type: 'category', name, slug: name.toLowerCase(), description: '', parentExternalId: null }) as const

describe('of more rows than a page holds', () => {
  it('the last term is buried, too, when it is gone from the site', async () => {
    const world = await connect()
    const { taxonomies } = openSite(world)
    for (const name of names) await taxonomies?.create(newTerm(name))
    await world.pull()
    world.platform.terms.clear()
    await world.clock.advance(dayMs + 60_000)
    await world.pull()
    const links = await world.whole.links.list({ integrationId: world.integrationId, kind: 'taxonomy', limit: 50 })
    expect(links.items.map(({ deletedAt }) => deletedAt)).toEqual(Array(5).fill(expect.any(Date)))
  })

  it('the last term made here is known again when the site has it, too', async () => {
    const world = await connect()
    const { taxonomies } = openSite(world)
    for (const name of names) await world.account.taxonomies.create({ siteId: world.site.id, type: 'category', name })
    for (const name of names) await taxonomies?.create(newTerm(name))
    await world.pull()
    const rows = await world.whole.taxonomies.list({ siteId: world.site.id, type: 'category', limit: 50 })
    expect(rows.items.map(({ name }) => name).sort()).toEqual([...names].sort())
  })

  it('the last item that the site was to publish is read again at its time', async () => {
    const world = await pulledSite(5)
    const due = new Date(world.clock.now().getTime() + 10 * hourMs)
    for (const item of world.platform.items.values())
      Object.assign(item, { status: 'future', state: 'scheduled', publishedAt: due, modifiedAt: world.clock.now() })
    await world.pull()
    expect((await world.listContents()).map(({ status }) => status)).toEqual(Array(5).fill('scheduled'))
    // The overlap of later pulls does not reach back to when they were planned.
    await world.clock.advance(9 * hourMs)
    await world.pull()
    await world.clock.advance(2 * hourMs)
    for (const item of world.platform.items.values()) Object.assign(item, { status: 'publish', state: 'published' })
    // Later in a pull the re-hash would find them.
    world.platform.interfere.before = (call) => {
      if (call === 'pull.listNewest') throw new Error('down')
    }
    await expect(world.pull()).rejects.toThrow()
    expect((await world.listContents()).map(({ status }) => status)).toEqual(Array(5).fill('published'))
  })

  it('the last deletion counts against one too many', async () => {
    const world = await pulledSite(9)
    for (const id of world.ids.slice(0, 4)) world.platform.items.delete(id)
    await world.clock.advance(dayMs)
    await expect(world.pull()).rejects.toMatchObject({ code: 'DELETIONS_SUSPECTED' })
    expect((await world.listContents()).filter(({ removedAt }) => removedAt !== null)).toHaveLength(3)
  })

  it('the last open conflict keeps its content from being pushed', async () => {
    const world = await pulledSite(5)
    for (const { id, version } of await world.listContents()) {
      await world.account.content.update({ contentId: id, version, changes: { title: `Ours ${id}` } })
      await world.account.content.approve(id)
    }
    for (const item of world.platform.items.values())
      Object.assign(item, { fields: { ...item.fields, title: 'Theirs' }, modifiedAt: world.clock.now() })
    for (let times = 2; times > 0; times--)
      expect((await world.run()).counts).toMatchObject({ conflicts: 5, failed: 0, skipped: 0 })
  })

  it('the last approved edit is pushed', async () => {
    const world = await pulledSite(5)
    for (const { id, version } of await world.listContents()) {
      await world.account.content.update({ contentId: id, version, changes: { title: `Ours ${id}` } })
      await world.account.content.approve(id)
    }
    await world.run()
    const titles = [...world.platform.items.values()].map(({ fields }) => fields.title)
    expect(titles.filter((title) => title.startsWith('Ours'))).toHaveLength(5)
  })
})
