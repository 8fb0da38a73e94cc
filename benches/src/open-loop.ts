import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** One request to send. */
export interface Shot {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What became of a request. The time counts from when it was due, so that a server that stalls is not spared the wait. */
export interface Hit {
  readonly status: number
  readonly ms: number
}

/** Sends so many requests a second, whether answers come or not. `shotAt` gives the one of a number. */
export async function fireOpenLoop(input: {
  readonly url: string
  readonly perSecond: number
  readonly seconds: number
  shotAt(number: number): Shot
}): Promise<readonly Hit[]> {
  const { perSecond, seconds, shotAt } = input
  const agent = new Agent({ keepAlive: true, maxSockets: 256, scheduling: 'fifo' })
  const total = Math.round(perSecond * seconds)
  const startedMs = performance.now()
  const hits: Promise<Hit>[] = []
  while (hits.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedMs) / 1_000) * perSecond))
    while (hits.length < due) {
      const dueMs = startedMs + (hits.length / perSecond) * 1_000
      hits.push(send(agent, input.url, shotAt(hits.length), dueMs))
    }
    await wait(1)
  }
  const all = await Promise.all(hits)
  agent.destroy()
  return all
}

function send(agent: Agent, url: string, { headers, body }: Shot, dueMs: number): Promise<Hit> {
  const { promise, resolve } = Promise.withResolvers<Hit>()
  const end = (status: number) => resolve({ status, ms: performance.now() - dueMs })
  const call = request(
    url,
    { agent, method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
    (answer) => {
      answer.resume()
      answer.once('end', () => end(answer.statusCode ?? 0))
    },
  )
  call.once('error', () => end(0))
  call.end(body)
  return promise
}
