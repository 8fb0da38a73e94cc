import { Webhook } from 'standardwebhooks'
import { fireOpenLoop, type Hits, type Shot } from './open-loop.ts'

// Child of webhook-bench.ts: tells webhooks of some sites at a fixed rate. In a process of its own, so that a flood has no share in the clock of the others.

/** Whom a delivery may come from. */
export interface Site {
  readonly url: string
  readonly secret: string
  /** Where the server believes it to come from. */
  readonly address: string
}

/** What to send: first all is signed and `ready` is said, then the message `fire` starts it. */
export interface LoadOrder {
  readonly url: string
  readonly sites: readonly Site[]
  readonly perSecond: number
  readonly seconds: number
  /** Whether every fifth is one that was sent before. */
  readonly repeats: boolean
}

/** What came of it. */
export interface Volley extends Hits {
  /** Of the deliveries that were answered 202. */
  readonly accepted: readonly string[]
  /** Of this process, while it sent. */
  readonly cpuMs: number
}

let made = 0

/** A new delivery of a site, signed now. */
function sign({ url, secret, address }: Site): Shot {
  const id = `delivery-${process.pid}-${++made}`
  const body = JSON.stringify({ action: 'post_updated', post_id: (made % 400) + 1, post_type: 'post', site_url: url })
  const now = new Date()
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': address,
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    },
  }
}

function load({ sites, perSecond, seconds, repeats }: LoadOrder): readonly Shot[] {
  const shots: Shot[] = []
  for (let number = 0; number < perSecond * seconds; number++) {
    const before = shots[Math.max(0, number - 3)]
    if (repeats && number % 5 === 4 && before !== undefined) shots.push(before)
    else shots.push(sign(sites[number % sites.length] as Site))
  }
  return shots
}

async function fire({ url, perSecond }: LoadOrder, shots: readonly Shot[]): Promise<Volley> {
  const before = process.cpuUsage()
  const hits = await fireOpenLoop(new URL(url), perSecond, shots)
  const { user, system } = process.cpuUsage(before)
  const accepted = new Set<string>()
  for (const [number, { headers }] of shots.entries())
    if (hits.statuses[number] === 202) accepted.add(headers['webhook-id'] ?? '')
  return { ...hits, accepted: [...accepted], cpuMs: (user + system) / 1_000 }
}

let loaded: { readonly order: LoadOrder; readonly shots: readonly Shot[] } | undefined
process.on('message', async (message: LoadOrder | 'fire') => {
  if (message !== 'fire') {
    loaded = { order: message, shots: load(message) }
    process.send?.('ready')
  } else if (loaded !== undefined) process.send?.(await fire(loaded.order, loaded.shots))
})
process.on('disconnect', () => process.exit(0))
