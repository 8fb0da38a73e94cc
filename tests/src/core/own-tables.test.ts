import { type AccountStorage, combineStorage, createIgny8, type Storage } from '@igny8/core'
import { createFakeClock, createFakePlatform, createSeededRandom } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { shortenPages } from './short-pages.ts'

/** What is to happen once, at a moment between the two storages. */
interface Faults {
  /** Our transaction fails when all was written but nothing is committed. */
  beforeCommit: 'crash' | 'repeat' | null
  /** Transactions that pass before. */
  passing: number
  /** The process ends when our transaction is committed and the host's table has not got the new rows. */
  afterCommit: boolean
}

async function connectWithOwnTables() {
  const clock = createFakeClock()
  const platform = createFakePlatform({ clock })
  const [ours, host] = [createMemoryStorage(), shortenPages(createMemoryStorage())]
  await Promise.all([ours.migrate(), host.migrate()])
  const faults: Faults = { beforeCommit: null, passing: 0, afterCommit: false }
  const storage = combineStorage({
    storage: breakOnce(ours, faults),
    forAccount(accountId) {
      const { content, taxonomies, images } = host.forAccount(accountId)
      const insert: typeof content.insert = async (rows) => {
        if (faults.afterCommit) throw new Error('killed')
        await content.insert(rows)
      }
      return { content: { ...content, insert }, taxonomies, images }
    },
    transaction: 'none',
  })
  const igny8 = createIgny8({
    storage,
    platforms: [platform.adapter],
    encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
    clock,
    random: createSeededRandom(1),
  })
  const account = igny8.forAccount('acct')
  const { credentials, url } = platform
  const { site, integration } = await account.connections.connect({ platform: 'fake', url, ...credentials })
  const hosts = host.forAccount('acct').content
  const listHosts = async () => (await hosts.list({ limit: 50, sort: 'createdAt', direction: 'asc' })).items
  const { id: integrationId } = integration
  const sync = () => account.sync.run({ integrationId })
  return { clock, platform, faults, account, site, integrationId, hosts, listHosts, sync }
}

/** Our own storage, whose transactions fail as they are told to. */
function breakOnce(storage: Storage, faults: Faults): Storage {
  const fault = (account: AccountStorage): AccountStorage => ({
    ...account,
    async transaction(work) {
      const { beforeCommit } = faults
      if (beforeCommit === null || faults.passing-- > 0) return account.transaction(work)
      faults.beforeCommit = null
      const failed = account.transaction(async (stores) => {
        await work(stores)
        throw new Error('killed')
      })
      if (beforeCommit === 'crash') return failed
      await failed.catch(() => undefined)
      return account.transaction(work)
    },
  })
  return { ...storage, forAccount: (accountId) => fault(storage.forAccount(accountId)) }
}

type World = Awaited<ReturnType<typeof connectWithOwnTables>>

async function published(world: World, title: string) {
  const { account, site, integrationId } = world
  const content = await account.content.create({ siteId: site.id, type: 'post', title, body: `<p>${title}</p>` })
  await account.content.approve(content.id)
  await account.sync.push({ contentId: content.id, integrationId })
  return account.content.get(content.id)
}

const onlyItem = ({ platform }: World) => {
  const [item] = platform.items.values()
  if (item === undefined) throw new Error('nothing on the site')
  return item
}

describe('tables of the host', () => {
  it('hold the contents, and nothing of them stays in the storage beside', async () => {
    const world = await connectWithOwnTables()
    const content = await published(world, 'Ours')
    expect(await world.listHosts()).toEqual([content])
    expect(content).toMatchObject({ status: 'published' })
    expect(onlyItem(world).fields.title).toBe('Ours')
  })

  it('a process that dies between the table and our commit is made up for by the next sync', async () => {
    const world = await connectWithOwnTables()
    const content = await published(world, 'Ours')
    await world.clock.advance(60_000)
    world.platform.edit(onlyItem(world).externalId, { body: '<p>Theirs</p>' })
    const { integrationId, account } = world
    await account.sync.run({ integrationId })
    expect((await world.hosts.get(content.id))?.body).toBe('<p>Theirs</p>')
    // Now the same with the crash: the table has the edit, the link does not know.
    await world.clock.advance(60_000)
    world.platform.edit(onlyItem(world).externalId, { body: '<p>Theirs again</p>' })
    await crashInItsPage(world, 'crash')
    world.faults.beforeCommit = null
    expect((await world.hosts.get(content.id))?.body).toBe('<p>Theirs again</p>')
    await world.clock.advance(60_000)
    await world.sync()
    expect(await world.listHosts()).toMatchObject([
      { body: '<p>Theirs again</p>', status: 'published', pendingChanges: false },
    ])
    expect((await account.conflicts.list()).items).toEqual([])
    const { calls } = world.platform
    calls.length = 0
    await world.sync()
    expect(calls.filter((name) => /create|update|batch/.test(name))).toEqual([])
  })

  it('a new item that our commit has and the table has not is handed over when it is next met', async () => {
    const world = await connectWithOwnTables()
    await published(world, 'Ours')
    world.platform.items.set('77', { ...onlyItem(world), externalId: '77', modifiedAt: world.clock.now() })
    await world.clock.advance(60_000)
    world.faults.afterCommit = true
    await expect(world.sync()).rejects.toMatchObject({ message: expect.any(String) })
    expect(await world.listHosts()).toHaveLength(1)
    world.faults.afterCommit = false
    await world.clock.advance(60_000)
    await world.sync()
    expect(await world.listHosts()).toHaveLength(2)
    await world.sync()
    expect(await world.listHosts()).toHaveLength(2)
  })

  it('a transaction that is repeated changes the row once', async () => {
    const world = await connectWithOwnTables()
    const content = await published(world, 'Ours')
    world.faults.beforeCommit = 'repeat'
    const { version } = content
    const changes = { title: 'Once' }
    const updated = await world.account.content.update({ contentId: content.id, version, changes })
    expect(updated).toMatchObject({ title: 'Once', version: version + 1 })
    expect(await world.hosts.get(content.id)).toEqual(updated)
  })
})

describe('an edit past the SDK', () => {
  async function editInTable({ hosts, clock }: World, contentId: string): Promise<void> {
    const row = await hosts.get(contentId)
    if (row === undefined) throw new Error('no row')
    await clock.advance(1_000)
    const edited = { ...row, title: 'Past the SDK', version: row.version + 1, updatedAt: clock.now() }
    expect(await hosts.update(edited, row.version)).toBe(true)
  }

  it('that is told of revokes the approval, and is sent once it is approved', async () => {
    const world = await connectWithOwnTables()
    const { account, sync } = world
    const content = await published(world, 'Ours')
    await editInTable(world, content.id)
    await account.content.changed([content.id, 'unknown'])
    const noticed = await account.content.get(content.id)
    expect(noticed).toMatchObject({ title: 'Past the SDK', pendingChanges: true, approvedHash: null })
    await account.content.changed([content.id])
    expect(await account.content.get(content.id)).toEqual(noticed)
    await sync()
    expect(onlyItem(world).fields.title).toBe('Ours')
    await account.content.approve(content.id)
    await sync()
    expect(onlyItem(world).fields.title).toBe('Past the SDK')
  })

  it('that nobody told of is found by the next sync', async () => {
    const world = await connectWithOwnTables()
    const content = await published(world, 'Ours')
    await editInTable(world, content.id)
    await world.sync()
    expect(await world.account.content.get(content.id)).toMatchObject({ pendingChanges: true, approvedHash: null })
  })

  it('is found by the next sync also where it is the last of more than a page', async () => {
    const world = await connectWithOwnTables()
    for (const title of ['One', 'Two', 'Three', 'Four', 'Five']) await published(world, title)
    const rows = await world.listHosts()
    for (const { id } of rows) await editInTable(world, id)
    await world.sync()
    for (const { id } of rows) expect(await world.account.content.get(id)).toMatchObject({ approvedHash: null })
  })
})

/** Lets transactions pass until the one that takes the edit, and fails that. */
async function crashInItsPage(world: World, fault: 'crash'): Promise<void> {
  const before = (await world.listHosts()).map(({ version }) => version)
  for (let passing = 0; passing < 20; passing++) {
    Object.assign(world.faults, { beforeCommit: fault, passing })
    await world.sync().catch(() => undefined)
    const after = (await world.listHosts()).map(({ version }) => version)
    if (String(after) !== String(before)) return
  }
  throw new Error('The edit was never taken.')
}
