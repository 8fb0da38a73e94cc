import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform, tinyPng } from './connected-account.ts'

type World = Awaited<ReturnType<typeof connectToFakePlatform>>

const lost = () => new Igny8Error({ code: 'TIMEOUT', message: 'no answer', effect: 'unknown', retryable: true })

async function approvedMany(world: World, count: number, fields: Parameters<typeof approvedContent>[1] = {}) {
  const ids: string[] = []
  for (let number = 1; number <= count; number++)
    ids.push((await approvedContent(world, { slug: `many-${number}`, title: `Many ${number}`, ...fields })).id)
  return ids
}

const liveSlugs = (world: World) =>
  [...world.platform.items.values()]
    .filter((item) => item.status === 'publish')
    .map((item) => item.fields.slug)
    .sort()

describe('many pushes', () => {
  it('share their requests: drafts in one, reads in one, final writes in one, for 25 at a time', async () => {
    const world = await connectToFakePlatform()
    const contentIds = await approvedMany(world, 60)
    world.platform.calls.length = 0
    const outcomes = await world.account.sync.pushMany({ contentIds })
    expect(outcomes.map(({ ok }) => ok)).not.toContain(false)
    expect(outcomes.map(({ contentId }) => contentId).sort()).toEqual([...contentIds].sort())
    expect(liveSlugs(world)).toHaveLength(60)
    const counts = Object.fromEntries(
      [...new Set(world.platform.calls)].map((name) => [
        name,
        world.platform.calls.filter((call) => call === name).length,
      ]),
    )
    expect(counts).toEqual({ 'content.batch': 6, 'pull.getMany': 3 })
  })

  it.each(['before', 'after'] as const)(
    'end with one item each when the answer to a batch is lost %s its work',
    async (when) => {
      const world = await connectToFakePlatform({ started: false })
      const contentIds = await approvedMany(world, 8)
      let left = 1
      world.platform.interfere[when] = (call) => {
        if (call === 'content.batch' && left-- > 0) throw lost()
      }
      await world.account.sync.pushMany({ contentIds })
      world.platform.interfere = {}
      await world.clock.advance(46_000)
      await world.account.sync.run({ integrationId: world.integration.id })
      expect(liveSlugs(world)).toEqual(contentIds.map((_, index) => `many-${index + 1}`).sort())
      expect(world.platform.items.size).toBe(8)
    },
  )

  it('wait from when their batch left, however long it had waited for its turn', async () => {
    const world = await connectToFakePlatform({ started: false })
    const { platform, clock, account } = world
    const contentIds = await approvedMany(world, 3)
    let batches = 0
    platform.interfere.before = async (call) => {
      if (call === 'content.batch' && ++batches === 1) await clock.advance(90_000)
    }
    platform.interfere.after = (call) => {
      if (call !== 'content.batch' || batches > 1) return
      // It is on its way still.
      platform.items.clear()
      throw lost()
    }
    await account.sync.pushMany({ contentIds })
    await clock.advance(44_000)
    const outcomes = await account.sync.pushMany({ contentIds })
    expect(outcomes.map((outcome) => !outcome.ok && outcome.error.effect)).toEqual(contentIds.map(() => 'unknown'))
    expect(platform.items.size).toBe(0)
  })

  it('go one by one where the site takes no batch, and say what became of each', async () => {
    const world = await connectToFakePlatform()
    const contentIds = await approvedMany(world, 3)
    const [, second = ''] = contentIds
    const edited = await world.account.content.get(second)
    await world.account.content.update({ contentId: second, version: edited.version, changes: { title: 'unapproved' } })
    world.platform.interfere.before = (call) => {
      if (call === 'content.batch') throw new Igny8Error({ code: 'UNSUPPORTED', message: 'no batch' })
    }
    const outcomes = await world.account.sync.pushMany({ contentIds })
    expect(
      Object.fromEntries(outcomes.map((outcome) => [outcome.contentId, outcome.ok || outcome.error.code])),
    ).toEqual({
      [contentIds[0] ?? '']: true,
      [second]: 'NOT_APPROVED',
      [contentIds[2] ?? '']: true,
    })
    expect(liveSlugs(world)).toEqual(['many-1', 'many-3'])
  })

  it('make a term and an upload that they share once', async () => {
    const world = await connectToFakePlatform()
    const png = tinyPng()
    const image = await world.account.images.create({ siteId: world.site.id, bytes: png })
    const tag = await world.account.taxonomies.create({ siteId: world.site.id, type: 'tag', name: 'Shared' })
    const contentIds = await approvedMany(world, 10, { featuredImageId: image.id, taxonomyIds: [tag.id] })
    world.platform.calls.length = 0
    await world.account.sync.pushMany({ contentIds })
    expect(
      world.platform.calls.filter((call) => call === 'media.upload' || call === 'taxonomies.create').sort(),
    ).toEqual(['media.upload', 'taxonomies.create'])
  })

  it('stop where the whole site fails, and say of the others that they were not tried', async () => {
    const world = await connectToFakePlatform()
    const contentIds = await approvedMany(world, 80)
    world.platform.interfere.before = (call) => {
      if (call === 'content.batch')
        throw new Igny8Error({ code: 'HOST_NOT_FOUND', message: 'no host', hint: 'look', effect: 'none' })
    }
    const outcomes = await world.account.sync.pushMany({ contentIds })
    expect(outcomes).toHaveLength(80)
    expect(new Set(outcomes.map((outcome) => !outcome.ok && outcome.error.code))).toEqual(new Set(['HOST_NOT_FOUND']))
    expect(world.platform.calls.filter((call) => call === 'content.batch').length).toBeLessThanOrEqual(2)
  })

  it('leave behind alone who may not send any more when their batch leaves', async () => {
    const world = await connectToFakePlatform({ started: false })
    const contentIds = await approvedMany(world, 5)
    const [first = ''] = contentIds
    const { intents } = world.storage.forAccount('acct')
    world.platform.interfere.before = async (call) => {
      if (call !== 'content.batch') return
      world.platform.interfere = {}
      // Another process takes one of them over while their batch waits for its turn.
      const intent = await intents.find(world.integration.id, first)
      if (intent !== undefined) await intents.put({ ...intent, version: intent.version + 1 })
      await world.clock.advance(30_000)
    }
    const outcomes = await world.account.sync.pushMany({ contentIds })
    const failed = outcomes.flatMap((outcome) => (outcome.ok ? [] : [[outcome.contentId, outcome.error.code]]))
    expect(failed).toEqual([[first, 'LEASE_LOST']])
    expect(liveSlugs(world)).toEqual(['many-2', 'many-3', 'many-4', 'many-5'])
    expect(world.platform.items.size).toBe(4)
  })

  it('send nothing more once they are cancelled', async () => {
    const world = await connectToFakePlatform()
    const contentIds = await approvedMany(world, 60)
    const codesOf = async (signal: AbortSignal) =>
      (await world.account.sync.pushMany({ contentIds, signal })).map((outcome) => outcome.ok || outcome.error.code)
    expect(new Set(await codesOf(AbortSignal.abort()))).toEqual(new Set(['CANCELLED']))
    expect(world.platform.items.size).toBe(0)
    const stop = new AbortController()
    world.platform.calls.length = 0
    world.platform.interfere.after = (call) => {
      if (call === 'content.batch') stop.abort()
    }
    expect(new Set(await codesOf(stop.signal))).toEqual(new Set(['CANCELLED']))
    expect(new Set(world.platform.calls)).toEqual(new Set(['content.batch']))
    expect(world.platform.calls.length).toBeLessThanOrEqual(2)
  })

  it('are refused whole where an id is unknown', async () => {
    const world = await connectToFakePlatform()
    const contentIds = [...(await approvedMany(world, 1)), 'unknown']
    await expect(world.account.sync.pushMany({ contentIds })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(world.platform.items.size).toBe(0)
  })
})
