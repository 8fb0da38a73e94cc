import { createHmac } from 'node:crypto'
import { createIgny8 } from '@igny8/core'
import { createSeededRandom } from '@igny8/core/testing'
import { expect, vi } from 'vitest'
import { connectToFakePlatform } from './connected-account.ts'

type World = Awaited<ReturnType<typeof withWebhooks>>
type Igny8 = Awaited<ReturnType<typeof connectToFakePlatform>>['igny8']

/** A connected site that signs its webhooks. */
export async function withWebhooks(options: { readonly maxPageSize?: number } = {}) {
  const world = await connectToFakePlatform(options)
  const { secret } = await world.account.connections.createWebhookSecret({ integrationId: world.integration.id })
  return { ...world, secret }
}

let deliveries = 0

/** Posts a webhook as the site's plugin does. */
export function tell(
  world: Pick<World, 'clock' | 'platform' | 'secret'> & { readonly igny8: Igny8 },
  postId: string | number,
  changes: {
    readonly action?: string
    readonly post_type?: string
    readonly id?: string
    readonly secret?: string
  } = {},
) {
  const { id = `msg_${++deliveries}`, secret = world.secret, ...payload } = changes
  const body = Buffer.from(
    JSON.stringify({
      action: 'post_updated',
      post_id: postId,
      post_type: 'post',
      site_url: world.platform.url,
      ...payload,
    }),
  )
  const timestamp = String(Math.floor(world.clock.now().getTime() / 1_000))
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
  return world.igny8.webhooks.receive({ platform: 'fake', body, headers })
}

export function tellUnsigned(world: Pick<World, 'igny8' | 'platform'>, postId: string | number, postType = 'post') {
  const payload = { action: 'post_updated', post_id: postId, post_type: postType, site_url: world.platform.url }
  return world.igny8.webhooks.receive({ platform: 'fake', body: Buffer.from(JSON.stringify(payload)), headers: {} })
}

export const dirtyOf = async (world: Pick<World, 'storage' | 'integration'>) =>
  world.storage.forAccount('acct').webhooks.listDirty(world.integration.id, 500)

/** Waits until the workers are through. */
export const settled = (world: Pick<World, 'storage' | 'integration'>) =>
  vi.waitFor(async () => expect(await dirtyOf(world)).toEqual([]), { interval: 5 })

export const titles = async (world: Pick<World, 'account'>) =>
  (await world.account.content.list()).items.map(({ title }) => title).sort()

export const webhookEvents = async (world: Pick<World, 'account' | 'integration'>) =>
  (await world.account.sync.events({ integrationId: world.integration.id, limit: 500 })).items.filter(
    ({ eventType }) => eventType === 'webhook',
  )

type GetMany = NonNullable<ReturnType<World['platform']['adapter']['open']>['pull']>['getMany']

/** Stands between us and the site where items are read whole. */
export function wrapGetMany(
  { platform: { adapter } }: Pick<World, 'platform'>,
  read: (getMany: GetMany, input: Parameters<GetMany>[0]) => ReturnType<GetMany>,
): void {
  const { open } = adapter
  Object.assign(adapter, {
    open(connection: Parameters<typeof open>[0]) {
      const client = open(connection)
      const { pull } = client
      if (pull === undefined) return client
      return { ...client, pull: { ...pull, getMany: (input: Parameters<GetMany>[0]) => read(pull.getMany, input) } }
    },
  })
}

/** A process that works no jobs, as of a host driven by cron. */
export function secondProcess(world: Awaited<ReturnType<typeof connectToFakePlatform>>): Igny8 {
  return createIgny8({
    storage: world.storage,
    platforms: [world.platform.adapter],
    encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
    clock: world.clock,
    random: createSeededRandom(2),
  })
}

/** A site whose webhooks only a process without workers takes. */
export async function withCron() {
  const world = await withWebhooks()
  await world.igny8.stop()
  return { ...world, igny8: secondProcess(world) }
}
