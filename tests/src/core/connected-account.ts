import { createIgny8, type DomainEvent, type Storage } from '@igny8/core'
import {
  createFakeClock,
  createFakePlatform,
  createSeededRandom,
  type FakeClock,
  type FakePlatform,
} from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'

interface StartOptions {
  readonly maxPageSize?: number
  readonly futureDates?: boolean
  /** Works jobs in this process. @default true */
  readonly started?: boolean
  /** @default memory */
  readonly storage?: Storage
  /** Another process on the same storage, site and clock. */
  readonly beside?: { readonly clock: FakeClock; readonly platform: FakePlatform; readonly storage: Storage }
}

/** An SDK on memory and the fake platform, with a clock that the test moves. */
export async function startWithFakePlatform({ started = true, beside, storage: given, ...options }: StartOptions = {}) {
  const clock = beside?.clock ?? createFakeClock()
  const platform = beside?.platform ?? createFakePlatform({ clock, ...options })
  const storage = beside?.storage ?? given ?? createMemoryStorage()
  const igny8 = createIgny8({
    storage,
    platforms: [platform.adapter],
    encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
    clock,
    random: createSeededRandom(beside === undefined ? 1 : 2),
  })
  const events: DomainEvent[] = []
  igny8.onEvent((event) => void events.push(event))
  await (started ? igny8.start() : storage.migrate())
  return { clock, platform, storage, igny8, events, account: igny8.forAccount('acct') }
}

/** The same, connected. Nothing is synchronised but by the test, unless `scheduled`. */
export async function connectToFakePlatform({
  scheduled = false,
  ...options
}: StartOptions & { readonly scheduled?: boolean } = {}) {
  const world = await startWithFakePlatform(options)
  const { username, password } = world.platform.credentials
  const connected = await world.account.connections.connect({
    platform: 'fake',
    url: world.platform.url,
    username,
    password,
  })
  if (scheduled) return { ...world, ...connected }
  const { integrations } = world.storage.forAccount('acct')
  const stored = await integrations.get(connected.integration.id)
  if (stored === undefined) throw new Error('The integration is stored.')
  await integrations.update({ ...stored, nextSyncAt: null, version: stored.version + 1 }, stored.version)
  return { ...world, ...connected, integration: await world.account.connections.get(stored.id) }
}

type World = Awaited<ReturnType<typeof connectToFakePlatform>>

/** Approved content, ready to be pushed. */
export async function approvedContent(
  world: World,
  fields: Partial<Parameters<World['account']['content']['create']>[0]> = {},
) {
  const content = await world.account.content.create({
    siteId: world.site.id,
    type: 'post',
    title: 'Title',
    body: '<!-- wp:paragraph --><p>Body</p><!-- /wp:paragraph -->',
    ...fields,
  })
  return world.account.content.approve(content.id)
}

/** The site as a person there has it at hand. */
export function openSite(world: World) {
  return world.platform.adapter.open({
    url: world.platform.url,
    credential: { reveal: () => 'editor:fake-password', toString: () => '[secret]', toJSON: () => '[secret]' },
    structure: null,
    http: { request: () => Promise.reject(new Error('no network')), close: async () => undefined },
    clock: world.clock,
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  })
}

/** Puts an item on the site as a person there would. Returns its external id. */
export async function writeOnSite(world: World, title: string, state: 'published' | 'draft' = 'published') {
  return (
    await openSite(world).content.create({
      type: 'post',
      fields: { title, body: `<p>${title}</p>`, slug: title.toLowerCase(), state },
    })
  ).externalId
}

/** A site with `Post-1` to `Post-<count>`, connected and pulled once. */
export async function pulledSite(count: number, options: StartOptions = {}) {
  const world = await connectToFakePlatform(options)
  const ids: string[] = []
  for (let number = 1; number <= count; number++) ids.push(await writeOnSite(world, `Post-${number}`))
  await world.clock.advance(60_000)
  const pull = () => world.account.sync.pull({ integrationId: world.integration.id })
  await pull()
  await world.clock.advance(60_000)
  return { ...world, ids, pull }
}

/** A PNG of one pixel; `seed` makes another one of it. */
export function tinyPng(seed = 1): Uint8Array<ArrayBuffer> {
  const head = Buffer.from('89504e470d0a1a0a0000000d494844520000000100000001', 'hex')
  return Uint8Array.from([...head, ...Array<number>(20).fill(seed)])
}
