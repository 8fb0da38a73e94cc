import type { FakeItem } from '@igny8/core/testing'
import { describe, expect, it, vi } from 'vitest'
import { approvedContent, connectToFakePlatform } from './connected-account.ts'

async function published(policy: 'keep' | 'trash' | 'delete') {
  const world = await connectToFakePlatform()
  const { id: integrationId } = world.integration
  await world.account.connections.update({ integrationId, changes: { config: { deletions: policy } } })
  const content = await approvedContent(world, { slug: 'here' })
  const drafts: FakeItem[] = []
  world.platform.interfere.after = (call) => {
    if (call === 'content.create') drafts.push(...structuredClone([...world.platform.items.values()]))
  }
  await world.account.content.publish(content.id)
  world.platform.interfere = {}
  await world.clock.advance(5_000)
  const sync = () => world.account.sync.run({ integrationId })
  const remote = () => [...world.platform.items.values()].map((item) => item.status)
  return { ...world, contentId: content.id, sync, remote, drafts }
}

describe('content that is removed here', () => {
  it.each([
    ['keep', ['publish']],
    ['trash', ['trash']],
    ['delete', []],
  ] as const)('is dealt with on the site as the policy says: %s', async (policy, expected) => {
    const { account, contentId, sync, remote } = await published(policy)
    await account.content.remove(contentId)
    await sync()
    await sync()
    expect(remote()).toEqual(expected)
    expect(await account.content.get(contentId)).toMatchObject({
      removedAt: expect.any(Date),
      body: expect.any(String),
    })
    expect((await account.content.list()).count).toBe(0)
  })

  it('is not taken off the site where somebody edited it there: the edit survives and a conflict asks', async () => {
    const { account, contentId, sync, remote, platform } = await published('delete')
    await account.content.remove(contentId)
    platform.edit([...platform.items.keys()][0] ?? '', { title: 'Still needed' })
    await sync()
    expect(remote()).toEqual(['publish'])
    const { items } = await account.conflicts.list({ contentId })
    expect(items.length > 0 || (await account.content.get(contentId)).removedAt === null).toBe(true)
  })

  it.each([
    ['ours', []],
    ['theirs', ['publish']],
  ] as const)('goes on when the conflict about it is decided, or is taken back: %s', async (side, expected) => {
    const { account, contentId, sync, remote, platform } = await published('delete')
    await account.content.remove(contentId)
    platform.edit([...platform.items.keys()][0] ?? '', { title: 'Still needed' })
    await sync()
    const [conflict] = (await account.conflicts.list({ contentId })).items
    await account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { status: side } })
    await sync()
    expect(remote()).toEqual(expected)
    const isRemoved = (await account.content.get(contentId)).removedAt !== null
    expect(isRemoved).toBe(side === 'ours')
  })

  it.each([
    ['is wanted again before any sync', 'keep', true, ['publish', 'trash']],
    ['was taken off the site', 'delete', false, ['trash']],
    ['stays on the site', 'keep', false, ['publish', 'trash']],
  ] as const)('knows a second draft of its create that comes after it %s', async (_, policy, isRestored, expected) => {
    const { account, platform, clock, contentId, sync, remote, drafts } = await published(policy)
    const [draft] = drafts
    if (draft === undefined) throw new Error('nothing was created')
    await account.content.remove(contentId)
    if (isRestored) await account.content.restore(contentId)
    await sync()
    await clock.advance(5_000)
    const fields = { ...draft.fields, slug: `${draft.fields.slug}-2` }
    platform.items.set('901', { ...draft, externalId: '901', modifiedAt: clock.now(), fields })
    await clock.advance(5_000)
    await sync()
    expect(remote()).toEqual(expected)
    expect((await account.content.list({ includeRemoved: true })).count).toBe(1)
  })

  it('is created anew, whatever stood there before, and that draft is no second one', async () => {
    const { account, platform, contentId, sync, remote } = await published('delete')
    await account.content.remove(contentId)
    await sync()
    await account.content.restore(contentId)
    await account.content.approve(contentId)
    platform.interfere.after = async (call) => {
      if (call !== 'content.create') return
      platform.interfere = {}
      // The draft stands, and a pull meets it before it is linked.
      await sync()
    }
    await account.content.publish(contentId)
    await sync()
    expect(remote()).toEqual(['publish'])
  })

  it('is no removal any more once the content is wanted again and pushed, before any sync', async () => {
    const { account, contentId, sync, remote, platform } = await published('delete')
    await account.content.remove(contentId)
    platform.edit([...platform.items.keys()][0] ?? '', { title: 'Still needed' })
    await sync()
    const [conflict] = (await account.conflicts.list({ contentId })).items
    await account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { status: 'theirs' } })
    const { version } = await account.content.get(contentId)
    await account.content.update({ contentId, version, changes: { excerpt: 'Wanted' } })
    await account.content.approve(contentId)
    const { outcomes } = await account.content.publish(contentId)
    expect(outcomes).toMatchObject([{ ok: true, action: 'updated' }])
    await sync()
    expect(remote()).toEqual(['publish'])
  })

  it('can be restored before the site was told, and after it was deleted there', async () => {
    const { account, contentId, sync, remote } = await published('delete')
    await account.content.remove(contentId)
    await account.content.restore(contentId)
    await sync()
    expect(remote()).toEqual(['publish'])
    await account.content.remove(contentId)
    await sync()
    expect(remote()).toEqual([])
    await account.content.restore(contentId)
    await account.content.approve(contentId)
    await account.content.publish(contentId)
    expect(remote()).toEqual(['publish'])
  })

  /** A create whose answer is lost, and its content is removed before anybody has found the draft, which stands there or is still on its way. */
  async function removedInDoubt(standing: 'stands' | 'is on its way') {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    world.platform.interfere = {
      before: (call) => {
        if (call === 'content.findByMarker') throw new Error('down')
      },
      after: (call) => {
        if (call === 'content.create') throw Object.assign(new Error('lost'))
      },
    }
    await expect(world.account.content.publish(content.id)).rejects.toThrow()
    world.platform.interfere = {}
    await world.account.content.remove(content.id)
    const [[externalId, draft] = []] = [...world.platform.items]
    if (externalId === undefined || draft === undefined) throw new Error('nothing was created')
    if (standing === 'is on its way') world.platform.items.delete(externalId)
    await world.clock.advance(60_000)
    // The background takes the interrupted push up again, and has the site for as long as that takes.
    const { leases } = world.storage.forAccount('acct')
    const held = () => leases.listHeld([`sync:${world.integration.id}`], world.clock.now())
    await vi.waitFor(async () => expect(await held()).toEqual([]))
    const arrive = () => world.platform.items.set(externalId, { ...draft, modifiedAt: world.clock.now() })
    const run = () => world.account.sync.run({ integrationId: world.integration.id })
    const living = () => [...world.platform.items.values()].filter((item) => item.status !== 'trash')
    return { ...world, arrive, run, living }
  }

  it('leaves no draft behind whose create was in doubt', async () => {
    const { account, run, living } = await removedInDoubt('stands')
    await run()
    expect(living()).toEqual([])
    expect((await account.content.list()).count).toBe(0)
  })

  it('knows the draft of a create in doubt that arrives after the site was told', async () => {
    const { account, clock, arrive, run, living } = await removedInDoubt('is on its way')
    await run()
    arrive()
    await clock.advance(60_000)
    await run()
    expect(living()).toEqual([])
    await clock.advance(25 * 3_600_000)
    await run()
    expect((await account.content.list({ includeRemoved: true })).count).toBe(1)
  })
})

describe('content that is taken off the public site', () => {
  it('becomes a draft there and approved here, and nothing else is sent', async () => {
    const { account, contentId, remote, platform } = await published('keep')
    const { version } = await account.content.get(contentId)
    await account.content.update({ contentId, version, changes: { title: 'Not approved yet' } })
    await account.sync.unpublish({ contentId })
    expect(remote()).toEqual(['draft'])
    expect([...platform.items.values()][0]?.fields.title).toBe('Title')
    expect(await account.content.get(contentId)).toMatchObject({ status: 'draft', title: 'Not approved yet' })
    await account.content.approve(contentId)
    await account.content.publish(contentId)
    expect([...platform.items.values()][0]).toMatchObject({ status: 'publish', fields: { title: 'Not approved yet' } })
  })

  it('must be on it', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    await expect(world.account.sync.unpublish({ contentId: content.id })).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    })
  })
})
