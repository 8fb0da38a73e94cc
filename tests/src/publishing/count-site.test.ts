import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { openSite, writeOnSite } from '../core/connected-account.ts'
import { openPublishingWorld } from './publishing-world.ts'

const dayMs = 86_400_000

/** One a day, and what a pull has found on the site. */
async function openWorld(count: 'library' | 'site') {
  const world = await openPublishingWorld({ count, dailyPublishLimit: 1 })
  return {
    ...world,
    pull: () => world.account.sync.pull({ integrationId: world.integration.id }),
    async nextPlace() {
      await world.approve('A')
      return (await world.publishing.preview(world.siteId)).items[0]?.at?.toISOString().slice(5, 10)
    },
    units: () => world.stores.publications.listBetween(world.siteId, new Date(0), new Date('2100-01-01')),
  }
}

describe('what was first published on the site', () => {
  it.each([
    ['takes a unit where the settings count the site', 'site', '11-03', 1],
    ['takes none where they count the library', 'library', '11-02', 0],
  ] as const)('%s', async (_, count, expected, units) => {
    const world = await openWorld(count)
    await writeOnSite(world, 'Theirs')
    const writtenAt = world.clock.now()
    await world.clock.advance(60_000)
    await world.pull()
    expect(await world.nextPlace()).toBe(expected)
    const found = await world.units()
    expect(found.map(({ status, countedAt }) => [status, countedAt])).toEqual(
      Array.from({ length: units }, () => ['published', writtenAt]),
    )
  })

  it('takes its unit when a draft of theirs is published, once, however often it is edited there', async () => {
    const world = await openWorld('site')
    const externalId = await writeOnSite(world, 'Draft', 'draft')
    await world.pull()
    expect(await world.units()).toEqual([])
    const site = openSite(world)
    for (const fields of [{ state: 'published' }, { title: 'Edited' }, { title: 'Edited again' }] as const) {
      await world.clock.advance(60_000)
      await site.content.update({ type: 'post', externalId, fields })
      await world.pull()
      expect(await world.units()).toHaveLength(1)
    }
    expect(await world.nextPlace()).toBe('11-03')
  })

  it('keeps its unit where somebody reschedules it before the scheduler has seen to its entry', async () => {
    const world = await openWorld('site')
    const [contentId = ''] = await world.approve('Ours')
    await world.account.sync.push({ contentId })
    const [externalId = ''] = world.platform.items.keys()
    await openSite(world).content.update({ type: 'post', externalId, fields: { state: 'published' } })
    await world.clock.advance(60_000)
    await world.pull()
    expect(await world.stores.publicationQueue.get(contentId)).toBeDefined()
    for (const at of [null, new Date(world.clock.now().getTime() + dayMs)])
      await expect(world.publishing.reschedule({ contentId, at })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await world.units()).map(({ status }) => status)).toEqual(['published'])
  })

  it('takes none where it is a draft again when it is found', async () => {
    const world = await openWorld('site')
    const externalId = await writeOnSite(world, 'Taken back')
    await openSite(world).content.update({ type: 'post', externalId, fields: { state: 'draft' } })
    await world.pull()
    expect(await world.units()).toEqual([])
  })

  it('takes none where its month and week are over', async () => {
    const world = await openWorld('site')
    await writeOnSite(world, 'Old')
    await world.clock.advance(31 * dayMs)
    await world.pull()
    expect(await world.units()).toEqual([])
  })

  it('leaves what the scheduler published as it counted it', async () => {
    const world = await openWorld('site')
    const [id = ''] = await world.approve('A')
    await world.runFor(60_000 * 20)
    const unit = await world.stores.publications.find(id)
    await world.clock.advance(60_000)
    await world.pull()
    expect(unit?.status).toBe('published')
    expect(await world.units()).toEqual([unit])
  })

  it('takes its unit where a push of ours finds what somebody there has published meanwhile', async () => {
    const world = await openWorld('site')
    const { version } = await world.publishing.settings.get(world.siteId)
    await world.publishing.settings.update({ siteId: world.siteId, version, changes: { autoPublishEnabled: false } })
    const [id = ''] = await world.approve('Ours')
    world.platform.interfere.after = (call) => {
      if (call !== 'content.create') return
      // The answer is lost, and so is the first look for what became of it.
      world.platform.interfere = {
        before: () => {
          throw new Igny8Error({ code: 'TIMEOUT', message: 'No answer.', effect: 'unknown', retryable: true })
        },
      }
      throw new Igny8Error({ code: 'TIMEOUT', message: 'No answer.', effect: 'unknown', retryable: true })
    }
    await expect(world.account.content.publish(id)).rejects.toMatchObject({ code: 'TIMEOUT' })
    world.platform.interfere = {}
    await world.clock.advance(60_000)
    const [draft] = [...world.platform.items.values()]
    await openSite(world).content.update({
      type: 'post',
      externalId: draft?.externalId ?? '',
      fields: { state: 'published' },
    })
    const publishedAt = world.clock.now()
    await world.clock.advance(10 * 60_000)
    await world.account.content.publish(id)
    expect(await world.statusOf(id)).toBe('published')
    expect((await world.units()).map(({ contentId, status, countedAt }) => [contentId, status, countedAt])).toEqual([
      [id, 'published', publishedAt],
    ])
  })
})
