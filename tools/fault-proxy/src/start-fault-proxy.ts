import { createServer, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { applyFault } from './apply-fault.ts'
import { carryOut, type ReceivedRequest } from './carry-out.ts'
import type { Fault, FaultPlan } from './fault.ts'

export type { Fault, FaultPlan } from './fault.ts'

/** One request that came to the proxy. */
export interface Exchange {
  /** From 1, since the plan began. */
  readonly number: number
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly fault: Fault | null
  /** How often the site was given it. */
  readonly timesSent: number
}

/** An HTTP proxy on 127.0.0.1 that does to requests what its plan says. */
export interface FaultProxy {
  /** What clients connect to, and the site has to believe to be its own address. */
  readonly url: string
  /** Where the site listens. */
  forwardTo(target: string): void
  /** Numbers start at 1 again. Requests that are under way keep their fault. */
  begin(plan: FaultPlan): void
  /** Since the plan began, in order of arrival. */
  exchanges(): readonly Exchange[]
  /** Requests that are worked on now; those that only wait for time to pass are not among them. */
  busy(): number
  /** Resolves when no request is under way any more, waiting ones included. */
  settled(): Promise<void>
  /** Connections that clients hold open. */
  openConnections(): number
  stop(): Promise<void>
}

/** Time as the proxy sees it. */
export interface FaultProxyTime {
  now(): Date
  wait(ms: number): Promise<void>
}

const realTime: FaultProxyTime = {
  now: () => new Date(),
  wait: async (ms) => void (await delay(ms, undefined, { ref: false })),
}

/** Starts a proxy. Without a plan it passes everything on. */
export async function startFaultProxy(options: { readonly time?: FaultProxyTime } = {}): Promise<FaultProxy> {
  const { time = realTime } = options
  let target: string | undefined
  let plan: FaultPlan = () => null
  let exchanges: { number: number; method: string; path: string; fault: Fault | null; timesSent: number }[] = []
  let busy = 0
  const underWay = new Set<Promise<void>>()
  const connections = new Set<Socket>()

  async function serve(incoming: IncomingMessage, outgoing: Parameters<typeof applyFault>[0]['outgoing']) {
    busy++
    try {
      const received = await receive(incoming)
      const number = exchanges.length + 1
      const fault = plan(number, received.method, received.path)
      const exchange = { number, method: received.method, path: received.path, fault, timesSent: 0 }
      exchanges.push(exchange)
      await applyFault(
        {
          outgoing,
          now: () => time.now(),
          async wait(ms) {
            busy--
            await time.wait(ms).finally(() => busy++)
          },
          carryOut({ withoutAuthorization = false } = {}) {
            if (target === undefined) throw new Error('The proxy was not told where the site is.')
            exchange.timesSent++
            const { authorization, ...headers } = received.headers
            return carryOut(target, withoutAuthorization ? { ...received, headers } : received)
          },
        },
        fault,
      )
    } catch {
      // The client sees that the site is not there.
      outgoing.destroy()
    } finally {
      busy--
    }
  }

  const server = createServer((incoming, outgoing) => {
    const work = serve(incoming, outgoing)
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  })
  server.on('connection', (socket) => {
    connections.add(socket)
    // A client that gives up resets its connection.
    socket.on('error', () => undefined)
    socket.once('close', () => connections.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')

  return {
    url: `http://127.0.0.1:${address.port}`,
    forwardTo(url) {
      target = url
    },
    begin(next) {
      plan = next
      exchanges = []
    },
    exchanges: () => exchanges,
    busy: () => busy,
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    openConnections: () => connections.size,
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const { method = 'GET', url: path = '/', headers } = incoming
  return { method, path, headers, body: Buffer.concat(chunks) }
}
