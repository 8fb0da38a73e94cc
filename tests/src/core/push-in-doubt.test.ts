import { Igny8Error, type Storage } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform, startWithFakePlatform } from './connected-account.ts'

const lost = () => new Igny8Error({ code: 'CONNECTION_FAILED', message: 'reset', effect: 'unknown', retryable: true })
type World = Awaited<ReturnType<typeof connectToFakePlatform>>

/** Fails the named call once, before or after its work. */
function failOnce(world: World, when: 'before' | 'after', name: string): void {
  let left = 1
  world.platform.interfere[when] = (call) => {
    if (call === name && left-- > 0) throw lost()
  }
}

/** A storage in which a push, once it has seen that its item is not linked, stands still before it goes on. */
function stopUnlinked(storage: Storage) {
  const [reached, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let isArmed = false
  let isUnlinked = false
  let isStopped = false
  const slow: Storage = {
    ...storage,
    forAccount(accountId) {
      const account = storage.forAccount(accountId)
      const { links, sites, leases } = account
      return {
        ...account,
        leases: {
          ...leases,
          async renew(...input) {
            if (isStopped) await goOn.promise
            return leases.renew(...input)
          },
        },
        links: {
          ...links,
          async findByLocalIds(...query) {
            const found = await links.findByLocalIds(...query)
            isUnlinked = isArmed && query[1] === 'content' && found.length === 0
            return found
          },
        },
        sites: {
          ...sites,
          async get(id) {
            if (isUnlinked) {
              isUnlinked = false
              isArmed = false
              isStopped = true
              reached.resolve()
              await goOn.promise
            }
            return sites.get(id)
          },
        },
      }
    },
  }
  return {
    storage: slow,
    arm() {
      isArmed = true
      return { reached: reached.promise, goOn: goOn.resolve }
    },
  }
}

const itemsOf = (world: World) =>
  [...world.platform.items.values()].map(({ status, fields }) => [status, fields.slug, fields.title])

describe('a push that was interrupted', () => {
  it.each(['before', 'after'] as const)(
    'ends with one item when its publishing update fails %s its work',
    async (when) => {
      const world = await connectToFakePlatform()
      const content = await approvedContent(world, { slug: 'final' })
      failOnce(world, when, 'content.update')
      await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ code: 'CONNECTION_FAILED' })
      await world.account.sync.pull({ integrationId: world.integration.id })
      expect((await world.account.content.list()).count).toBe(1)
      await world.account.content.publish(content.id)
      expect(itemsOf(world)).toEqual([['publish', 'final', 'Title']])
    },
  )

  it('sends the newer version, where it was edited and approved again meanwhile', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world, { slug: 'final' })
    failOnce(world, 'before', 'content.update')
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ code: 'CONNECTION_FAILED' })
    const changes = { title: 'Second thoughts' }
    await world.account.content.update({ contentId: content.id, version: content.version, changes })
    await world.account.content.approve(content.id)
    const { outcomes } = await world.account.content.publish(content.id)
    expect(itemsOf(world)).toEqual([['publish', 'final', 'Second thoughts']])
    expect(outcomes).toMatchObject([{ ok: true, action: 'created', differences: [] }])
  })

  it('waits from when the create left, however long it had waited for its turn', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world, { slug: 'final' })
    let creates = 0
    world.platform.interfere.before = async (call) => {
      if (call === 'content.create' && ++creates === 1) await world.clock.advance(90_000)
    }
    world.platform.interfere.after = (call) => {
      if (call !== 'content.create' || creates > 1) return
      // It is on its way still.
      world.platform.items.clear()
      throw lost()
    }
    const publish = () => world.account.content.publish(content.id)
    await expect(publish()).rejects.toMatchObject({ code: 'CONNECTION_FAILED' })
    await world.clock.advance(44_000)
    await expect(publish()).rejects.toMatchObject({ code: 'REMOTE_FAILED', retryAfterMs: expect.any(Number) })
    expect(creates).toBe(1)
    await world.clock.advance(2_000)
    await publish()
    expect(itemsOf(world)).toEqual([['publish', 'final', 'Title']])
  })

  it('is not sent again after a look that left before the settle time was over', async () => {
    const world = await connectToFakePlatform({ started: false })
    const { account, clock, platform } = world
    const content = await approvedContent(world, { slug: 'final' })
    failOnce(world, 'before', 'content.create')
    await expect(account.content.publish(content.id)).rejects.toMatchObject({ code: 'CONNECTION_FAILED' })
    await clock.advance(44_000)
    platform.interfere.after = async (call) => {
      if (call === 'content.findByMarker') await clock.advance(5_000)
    }
    await expect(account.content.publish(content.id)).rejects.toMatchObject({ code: 'REMOTE_FAILED' })
    expect(itemsOf(world)).toEqual([])
    platform.interfere = {}
    await account.content.publish(content.id)
    expect(itemsOf(world)).toEqual([['publish', 'final', 'Title']])
  })

  it('does not leave any more when somebody else took the work over while it waited for its turn', async () => {
    const world = await connectToFakePlatform()
    const { account, clock, platform, integration } = world
    const content = await approvedContent(world, { slug: 'final' })
    const { intents } = world.storage.forAccount('acct')
    platform.interfere.before = async (call) => {
      if (call !== 'content.create') return
      platform.interfere = {}
      const intent = await intents.find(integration.id, content.id)
      if (intent !== undefined) await intents.put({ ...intent, version: intent.version + 1 })
      await clock.advance(50_000)
    }
    await expect(account.content.publish(content.id)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(itemsOf(world)).toEqual([])
    await account.content.publish(content.id)
    expect(itemsOf(world)).toEqual([['publish', 'final', 'Title']])
  })

  it('is taken up by whoever took the lease over while the create was on its way', async () => {
    const world = await connectToFakePlatform()
    const { account, clock, platform, integration } = world
    const content = await approvedContent(world, { slug: 'final' })
    const { leases } = world.storage.forAccount('acct')
    platform.interfere.after = async (call) => {
      if (call !== 'content.create') return
      platform.interfere = {}
      const key = `push:${integration.id}:${content.id}`
      const later = new Date(clock.now().getTime() + 120_000)
      await leases.acquire({ key, owner: 'another process', now: later, ttlMs: 1_000 })
    }
    await expect(account.content.publish(content.id)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    await clock.advance(122_000)
    await account.content.publish(content.id)
    expect(itemsOf(world)).toEqual([['publish', 'final', 'Title']])
  })

  it('is not begun by who has lost the lease before it wrote its intent down', async () => {
    const storage = createMemoryStorage()
    const { storage: slow, arm } = stopUnlinked(storage)
    const world = await connectToFakePlatform({ storage: slow })
    const content = await approvedContent(world, { slug: 'final' })
    const beside = await startWithFakePlatform({ beside: { ...world, storage } })
    const stopped = arm()
    const late = world.account.content.publish(content.id)
    await stopped.reached
    // Frozen for longer than its lease: another process pushes meanwhile.
    await world.clock.advance(120_000)
    await beside.account.content.publish(content.id)
    stopped.goOn()
    await expect(late).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(itemsOf(world)).toEqual([['publish', 'final', 'Title']])
  })

  it('adopts the oldest of several drafts and trashes those that are the same again', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world, { slug: 'final' })
    failOnce(world, 'before', 'content.findByMarker')
    let creates = 0
    world.platform.interfere.after = (call) => {
      if (call !== 'content.create' || ++creates > 1) return
      const [first] = world.platform.items.values()
      if (first === undefined) throw new Error('nothing was created')
      for (const [id, title] of [
        ['901', first.fields.title],
        ['902', 'Somebody worked on this'],
      ] as const)
        world.platform.items.set(id, {
          ...first,
          externalId: id,
          fields: { ...first.fields, title, slug: `${first.fields.slug}-${id}` },
        })
      throw lost()
    }
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ effect: 'unknown' })
    await world.account.content.publish(content.id)
    expect(itemsOf(world)).toEqual([
      ['publish', 'final', 'Title'],
      ['trash', expect.stringMatching(/-901__trashed$/), 'Title'],
      ['draft', expect.stringMatching(/-902$/), 'Somebody worked on this'],
    ])
    const { items } = await world.account.sync.events({ contentId: content.id })
    expect(items.map(({ metadata }) => metadata.outcome)).toEqual(expect.arrayContaining(['twin_trashed', 'twin_left']))
  })

  it('takes what somebody wrote into the draft before it was found', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    failOnce(world, 'before', 'content.findByMarker')
    world.platform.interfere.after = (call) => {
      if (call !== 'content.create') return
      const [externalId = ''] = world.platform.items.keys()
      world.platform.edit(externalId, { body: '<p>found early</p>' })
      throw lost()
    }
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ effect: 'unknown' })
    world.platform.interfere = {}
    const { content: published } = await world.account.content.publish(content.id)
    expect(published).toMatchObject({ status: 'published', body: '<p>found early</p>', pendingChanges: false })
    expect([...world.platform.items.values()].map(({ fields }) => fields.body)).toEqual(['<p>found early</p>'])
    const { items } = await world.account.content.versions(content.id)
    expect(items.map(({ body }) => body)).toContain(content.body)
  })

  it('does not take for an edit that the site trimmed the title of a draft that was found again', async () => {
    const world = await connectToFakePlatform()
    const { account, platform } = world
    const content = await approvedContent(world, { title: 'Title ' })
    failOnce(world, 'before', 'content.findByMarker')
    platform.interfere.after = (call) => {
      if (call !== 'content.create') return
      for (const item of platform.items.values()) item.fields = { ...item.fields, title: item.fields.title.trim() }
      throw lost()
    }
    await expect(account.content.publish(content.id)).rejects.toMatchObject({ effect: 'unknown' })
    platform.interfere = {}
    await account.content.publish(content.id)
    expect(await account.content.get(content.id)).toMatchObject({ title: 'Title ', status: 'published' })
  })

  it('counts as deleted what somebody trashed before it was found', async () => {
    const world = await connectToFakePlatform()
    const { integration, account, platform } = world
    const content = await approvedContent(world)
    failOnce(world, 'before', 'content.findByMarker')
    platform.interfere.after = (call) => {
      if (call !== 'content.create') return
      for (const item of platform.items.values()) platform.trash(item)
      throw lost()
    }
    await expect(account.content.publish(content.id)).rejects.toMatchObject({ effect: 'unknown' })
    platform.interfere = {}
    await expect(account.content.publish(content.id)).rejects.toMatchObject({ code: 'REMOTE_NOT_FOUND' })
    await account.sync.pull({ integrationId: integration.id })
    expect(await account.content.get(content.id)).toMatchObject({ removedAt: expect.any(Date), body: content.body })
    const { items } = await account.sync.events({ contentId: content.id })
    expect(items.map(({ metadata }) => metadata.outcome)).toContain('deleted')
    expect([...platform.items.values()].map(({ status }) => status)).toEqual(['trash'])
  })

  it('asks where somebody wrote into the draft, and somebody here too, before it was found', async () => {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world)
    failOnce(world, 'before', 'content.findByMarker')
    world.platform.interfere.after = (call) => {
      if (call !== 'content.create') return
      const [externalId = ''] = world.platform.items.keys()
      world.platform.edit(externalId, { title: 'Theirs' })
      throw lost()
    }
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ effect: 'unknown' })
    world.platform.interfere = {}
    const changes = { title: 'Ours' }
    await world.account.content.update({ contentId: content.id, version: content.version, changes })
    await world.account.content.approve(content.id)
    await expect(world.account.content.publish(content.id)).rejects.toMatchObject({ code: 'CONFLICT_OPEN' })
    const { items } = await world.account.conflicts.list()
    expect(items).toMatchObject([{ fields: [{ field: 'title', base: 'Title', ours: 'Ours', theirs: 'Theirs' }] }])
  })
})

describe('an edit on the site between our read and our write', () => {
  const interrupt = (world: World, changes: object) => {
    let left = 1
    world.platform.interfere.before = (call) => {
      if (call !== 'content.update' || left-- === 0) return
      const [externalId = ''] = world.platform.items.keys()
      world.platform.edit(externalId, changes)
    }
  }
  async function publishedAndEdited(changes: object) {
    const world = await connectToFakePlatform()
    const content = await approvedContent(world, { body: '<p>base</p>' })
    const { content: published } = await world.account.content.publish(content.id)
    await world.clock.advance(5_000)
    await world.account.content.update({ contentId: content.id, version: published.version, changes })
    await world.account.content.approve(content.id)
    return { world, contentId: content.id }
  }

  it('is taken here when it is in a field that we did not send', async () => {
    const { world, contentId } = await publishedAndEdited({ title: 'Ours' })
    interrupt(world, { excerpt: 'theirs' })
    await world.account.content.publish(contentId)
    expect(await world.account.content.get(contentId)).toMatchObject({ title: 'Ours', excerpt: 'theirs' })
    expect([...world.platform.items.values()][0]?.fields).toMatchObject({ title: 'Ours', excerpt: 'theirs' })
    expect((await world.account.sync.push({ contentId }))[0]).toMatchObject({ action: 'unchanged' })
  })

  it('becomes a conflict when our text replaced it, and theirs can be brought back', async () => {
    const { world, contentId } = await publishedAndEdited({ body: '<p>ours</p>' })
    interrupt(world, { body: '<p>theirs</p>' })
    await world.account.content.publish(contentId)
    const [conflict] = (await world.account.conflicts.list({ contentId, status: 'open' })).items
    expect(conflict?.fields).toEqual([
      { field: 'body', base: '<p>base</p>', ours: '<p>ours</p>', theirs: '<p>theirs</p>' },
    ])
    await world.account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { body: 'theirs' } })
    expect(await world.account.content.get(contentId)).toMatchObject({ body: '<p>theirs</p>', pendingChanges: true })
    await world.account.content.approve(contentId)
    await world.account.content.publish(contentId)
    expect([...world.platform.items.values()][0]?.fields.body).toBe('<p>theirs</p>')
  })

  it.each(['push', 'pull'] as const)(
    'becomes a conflict even where we died right after our write, and a %s came next',
    async (next) => {
      const { world, contentId } = await publishedAndEdited({ body: '<p>ours</p>' })
      interrupt(world, { body: '<p>theirs</p>' })
      world.platform.interfere.after = (call) => {
        if (call === 'content.update') throw lost()
      }
      await expect(world.account.content.publish(contentId)).rejects.toMatchObject({ effect: 'unknown' })
      world.platform.interfere = {}
      await world.clock.advance(5_000)
      if (next === 'pull') await world.account.sync.pull({ integrationId: world.integration.id })
      await expect(world.account.content.publish(contentId)).rejects.toMatchObject({ code: 'CONFLICT_OPEN' })
      const [conflict] = (await world.account.conflicts.list({ contentId, status: 'open' })).items
      expect(conflict?.fields).toMatchObject([{ field: 'body', ours: '<p>ours</p>', theirs: '<p>theirs</p>' }])
      await world.account.conflicts.resolve({ conflictId: conflict?.id ?? '', fields: { body: 'ours' } })
      await world.account.content.approve(contentId)
      await world.account.content.publish(contentId)
      expect([...world.platform.items.values()][0]?.fields.body).toBe('<p>ours</p>')
    },
  )

  it('is no conflict when the text that our write replaced is the one that we had read', async () => {
    const { world, contentId } = await publishedAndEdited({ body: '<p>ours</p>' })
    const [externalId = ''] = world.platform.items.keys()
    world.platform.edit(externalId, { excerpt: 'read in time' })
    await world.account.content.publish(contentId)
    expect((await world.account.conflicts.list({ contentId })).count).toBe(0)
  })
})
