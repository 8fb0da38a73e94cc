import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'
import { type Account, type Content, createIgny8, type Igny8, type Storage } from '@igny8/core'
import { createSeededRandom } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createWordPressAdapter } from '@igny8/wordpress'
import type { FaultProxy } from '@igny8-tools/fault-proxy'
import type { RunningWordPress } from '@igny8-tools/wordpress'
import type { MovableClock } from './movable-clock.ts'
import type { SiteEditor } from './site-editor.ts'

/** What all scenarios share. */
export interface Surroundings {
  readonly wordpress: RunningWordPress
  readonly proxy: FaultProxy
  readonly clock: MovableClock
  readonly editor: SiteEditor
}

/** One scenario's own SDK, with nothing in it, and names that no other scenario uses. */
export interface World extends Surroundings {
  /** In every title, name and edit of this scenario. */
  readonly token: string
  readonly igny8: Igny8
  /** For what the SDK shows to nobody: intents, and what webhooks told of. */
  readonly stored: ReturnType<Storage['forAccount']>
  readonly account: Account
  /** Connects, unless it is, and returns the ids. Throws what connecting throws. */
  connect(): Promise<Connection>
  connection(): Connection
  /** An approved content, not pushed yet. */
  approved(name: string, fields?: Partial<Parameters<Account['content']['create']>[0]>): Promise<Content>
  /** Edits the content as it stands, and approves it. */
  editAndApprove(contentId: string, changes: Readonly<Record<string, unknown>>): Promise<Content>
}

export interface Connection {
  readonly integrationId: string
  readonly siteId: string
}

export async function createWorld(surroundings: Surroundings, key: string): Promise<World> {
  const { wordpress, proxy, clock } = surroundings
  const token = `t${createHash('sha256').update(key).digest('hex').slice(0, 10)}`
  const storage = createMemoryStorage()
  await storage.migrate()
  const igny8 = createIgny8({
    storage,
    platforms: [createWordPressAdapter()],
    encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 5).toString('base64') }] },
    outbound: { allow: [proxy.url] },
    clock,
    random: createSeededRandom(key),
  })
  const account = igny8.forAccount('acct')
  let connected: Connection | undefined

  async function connect(): Promise<Connection> {
    if (connected !== undefined) return connected
    const { username, applicationPassword } = wordpress.users.admin
    const { integration, site } = await account.connections.connect({
      platform: 'wordpress',
      url: proxy.url,
      username,
      applicationPassword,
    })
    const changes = { config: { syncedTypes: ['post'] } }
    await account.connections.update({ integrationId: integration.id, changes })
    connected = { integrationId: integration.id, siteId: site.id }
    return connected
  }
  function connection(): Connection {
    if (connected === undefined) throw new Error('The scenario has not connected yet.')
    return connected
  }

  return {
    ...surroundings,
    token,
    igny8,
    stored: storage.forAccount('acct'),
    account,
    connect,
    connection,
    async approved(name, fields = {}) {
      const { siteId } = connection()
      const body = `<p>${token} body of ${name}</p>`
      const content = await account.content.create({ siteId, type: 'post', title: `${token} ${name}`, body, ...fields })
      return account.content.approve(content.id)
    },
    async editAndApprove(contentId, changes) {
      const { version } = await account.content.get(contentId)
      await account.content.update({ contentId, version, changes })
      return account.content.approve(contentId)
    },
  }
}

/** A PNG that is like no other. */
export function uniquePng(key: string): { readonly bytes: Buffer<ArrayBuffer>; readonly sha256: string } {
  const colour = createHash('sha256').update(key).digest().subarray(0, 12)
  const header = Buffer.from([0, 0, 0, 4, 0, 0, 0, 1, 8, 2, 0, 0, 0])
  const bytes = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat([Buffer.from([0]), colour]))),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, checksum])
}
