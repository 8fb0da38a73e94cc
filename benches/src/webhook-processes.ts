import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { LoadOrder, Site, Volley } from './webhook-load.ts'

/** `ours`, a handler of Express that only verifies, and one that also answers 429 at once to an address that comes too often. */
export type ServerKind = 'ours' | 'bare' | 'refusing'

/** A server in a process of its own. */
export interface Server {
  readonly url: string
  readonly sites: readonly Site[]
  /** What it has used of the processor since the start, in milliseconds: what others do on the machine does not count. */
  cpuMs(): Promise<number>
  readRecords(): Promise<Records>
  end(): void
}

/** What a server has stored. */
export interface Records {
  /** Delivery ids: how often each. */
  readonly recorded: readonly (readonly [string, number])[]
  readonly dirty: number
}

/** Sends webhooks from a process of its own. */
export interface Load {
  /** Signs all there is to send; the function that comes back sends it. */
  prepare(order: LoadOrder): Promise<() => Promise<Volley>>
  end(): void
}

/** Addresses below 10.0.0.0/8, one a site. */
function addressOf(site: number): string {
  return `10.${Math.floor(site / 250)}.${site % 250}.1`
}

/** Ours stores in this database, or in memory. */
export async function startServer(kind: ServerKind, siteCount: number, databaseUrl = ''): Promise<Server> {
  const child = forkFile(new URL('./webhook-server.ts', import.meta.url), [kind, String(siteCount), databaseUrl])
  const { port, sites } = await hear<{ port: number; sites: readonly Omit<Site, 'address'>[] }>(child)
  return {
    url: `http://127.0.0.1:${port}/api/v1/integration/webhook/fake/`,
    sites: sites.map((site, number) => ({ ...site, address: addressOf(number) })),
    cpuMs: () => ask<number>(child, 'cpu'),
    readRecords: () => ask<Records>(child, 'recorded'),
    end: () => child.disconnect(),
  }
}

export function startLoad(): Load {
  const child = forkFile(new URL('./webhook-load.ts', import.meta.url), [])
  return {
    async prepare(order) {
      await ask(child, order)
      return () => ask<Volley>(child, 'fire')
    },
    end: () => child.disconnect(),
  }
}

function forkFile(file: URL, words: readonly string[]): ChildProcess {
  return fork(file, words, {
    execArgv: ['--conditions=@igny8/source'],
    serialization: 'advanced',
  })
}

function ask<Word>(child: ChildProcess, message: string | LoadOrder): Promise<Word> {
  const answer = hear<Word>(child)
  child.send(message)
  return answer
}

async function hear<Word>(child: ChildProcess): Promise<Word> {
  const [word] = (await once(child, 'message')) as [Word]
  return word
}
