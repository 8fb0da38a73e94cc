import { createHmac } from 'node:crypto'
import type { Dice } from './create-dice.ts'
import type { Host } from './host.ts'
import type { World } from './world.ts'

const actions = ['post_updated', 'post_created', 'post_deleted', 'status_changed']

/** Webhooks about a post: in time, late, twice, in any order, with a lie about what happened; and some that are not from the site. */
export function tellWebhooks(world: World, host: Host, dice: Dice, postId: number): void {
  if (!dice.chance(world.mood.told)) return
  const { time } = world
  const isForged = dice.chance(0.2)
  const id = `msg_${postId}_${time.time()}`
  const delivery = sign(world, isForged ? forgedSecret : host.webhookSecret, id, postId, dice.pick(actions))
  const times = dice.chance(0.2) ? 2 : 1
  for (let count = 0; count < times; count++)
    time.after(
      dice.between(0, dice.chance(0.2) ? 200_000 : 2_000),
      () => void deliver(world, host, dice, delivery, isForged),
    )
}

type Delivery = ReturnType<typeof sign>

async function deliver(world: World, host: Host, dice: Dice, delivery: Delivery, isForged: boolean): Promise<void> {
  const by = await host.worker(dice.pick(['A', 'B']))
  const told = `receives a ${isForged ? 'forged ' : ''}webhook ${delivery.headers['webhook-id']}`
  const reply = await host.attempt(by, told, () => by.igny8.webhooks.receive({ platform: 'wordpress', ...delivery }))
  if (isForged && reply !== undefined && reply.status !== 401)
    world.violations.push(`webhooks: a forged delivery was answered ${reply.status}`)
}

const forgedSecret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`

function sign({ site, time }: World, secret: string, id: string, postId: number, action: string) {
  const payload = { action, post_id: postId, post_type: 'post', site_url: site.url }
  const body = Buffer.from(JSON.stringify(payload))
  const timestamp = String(Math.floor(time.time() / 1_000))
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  return { body, headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` } }
}
