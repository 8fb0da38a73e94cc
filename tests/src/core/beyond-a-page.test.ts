import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { openSite, pulledSite } from './connected-account.ts'
import { shortenPages } from './short-pages.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** A site pulled once; what stands in the storage is read past the short pages. */
async function shortPagedSite(count: number) {
  const whole = createMemoryStorage()
  const world = await pulledSite(count, { storage: shortenPages(whole) })
  const run = () => world.account.sync.run({ integrationId: world.integration.id })
  const rows = whole.forAccount('acct')
  const listContents = async () =>
    (await rows.content.list({ sort: 'createdAt', direction: 'asc', limit: 50, includeRemoved: true })).items
  return { ...world, run, rows, listContents }
}

const names = ['One', 'Two', 'Three', 'Four', 'Five']
const newTerm = (name: string) =>
  ({ type: 'category', name, slug: name.toLowerCase(), description: '', parentExternalId: null }) as const

describe('of more rows than a page holds', () => {
  it('the last term is buried, too, when it is gone from the site', async () => {
    const world = await shortPagedSite(0)
    const { taxonomies } = openSite(world)
    for (const name of names) await taxonomies?.create(newTerm(name))
    await world.clock.advance(dayMs + 60_000)
    await world.pull()
    world.platform.terms.clear()
    await world.clock.advance(dayMs + 60_000)
    await world.pull()
    const integrationId = world.integration.id
    const links = await world.rows.links.list({ integrationId, kind: 'taxonomy', limit: 50 })
    expect(links.items.map(({ deletedAt }) => deletedAt)).toEqual(Array(5).fill(expect.any(Date)))
  })

  it('the last term made here is known again when the site has it, too', async () => {
    const world = await shortPagedSite(0)
    const { taxonomies } = openSite(world)
    for (const name of names) await world.account.taxonomies.create({ siteId: world.site.id, type: 'category', name })
    for (const name of names) await taxonomies?.create(newTerm(name))
    await world.clock.advance(dayMs + 60_000)
    await world.pull()
    const rows = await world.rows.taxonomies.list({ siteId: world.site.id, type: 'category', limit: 50 })
    expect(rows.items.map(({ name }) => name).sort()).toEqual([...names].sort())
  })

  it('the last item that the site was to publish is read again at its time', async () => {
    const world = await shortPagedSite(5)
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
    const world = await shortPagedSite(9)
    for (const id of world.ids.slice(0, 4)) world.platform.items.delete(id)
    await world.clock.advance(dayMs)
    await expect(world.pull()).rejects.toMatchObject({ code: 'DELETIONS_SUSPECTED' })
    expect((await world.listContents()).filter(({ removedAt }) => removedAt !== null)).toHaveLength(3)
  })

  it('the last open conflict keeps its content from being pushed', async () => {
    const world = await shortPagedSite(5)
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
    const world = await shortPagedSite(5)
    for (const { id, version } of await world.listContents()) {
      await world.account.content.update({ contentId: id, version, changes: { title: `Ours ${id}` } })
      await world.account.content.approve(id)
    }
    await world.run()
    const titles = [...world.platform.items.values()].map(({ fields }) => fields.title)
    expect(titles.filter((title) => title.startsWith('Ours'))).toHaveLength(5)
  })
})
