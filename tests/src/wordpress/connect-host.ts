import { type Account, type AccountStorage, createIgny8, type Igny8, type PullState } from '@igny8/core'
import { createSystemClock } from '@igny8/core/adapter-kit'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createWordPressAdapter } from '@igny8/wordpress'
import type { RunningWordPress } from '@igny8-tools/wordpress'

/** A request on its way to the site; what is returned is the answer that the SDK gets. */
export type Intercept = (
  request: { readonly method: string; readonly url: string; readonly path: string },
  send: () => Promise<Response>,
) => Promise<Response>

export interface HostOptions {
  /** @default 'admin' */
  readonly username?: string
  /** @default the user's own */
  readonly applicationPassword?: string
}

/** The whole SDK, connected to a site, with posts and pages to sync. */
export interface ConnectedHost {
  readonly account: Account
  readonly storage: AccountStorage
  readonly integrationId: string
  readonly siteId: string
  /** A second process of the same host, on the same storage. */
  secondProcess(): Account
  /** Stands between the SDK and the site until the next call; `null` lets all through. */
  intercept(hook: Intercept | null): void
  /** Sets the host's clock ahead; the site's stays. */
  goAhead(hours: number): void
  /** Moves where the next pull of posts starts: at two hours before this instant. */
  setMark(mark: Date): Promise<PullState>
  close(): Promise<void>
}

/** Connects a host of its own storage to the site, and nothing more: the first pull is the test's. */
export async function connectHost(wordpress: RunningWordPress, options: HostOptions = {}): Promise<ConnectedHost> {
  const storage = createMemoryStorage()
  await storage.migrate()
  const system = createSystemClock()
  let [aheadMs, hook] = [0, null as Intercept | null]
  const clock = { now: () => new Date(system.now().getTime() + aheadMs), wait: system.wait }
  const processes: Igny8[] = []
  const open = (): Account => {
    const igny8 = createIgny8({
      storage,
      platforms: [createWordPressAdapter()],
      encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 5).toString('base64') }] },
      outbound: { allow: [wordpress.url] },
      clock,
      fetch: (input, init) => {
        const url = String(input)
        const send = () => fetch(input, init)
        return hook?.({ method: init?.method ?? 'GET', url, path: new URL(url).pathname }, send) ?? send()
      },
    })
    processes.push(igny8)
    return igny8.forAccount('acct')
  }
  const account = open()
  const { username = 'admin', applicationPassword = wordpress.users.admin.applicationPassword } = options
  const credential = { username, applicationPassword }
  const { integration } = await account.connections.connect({
    platform: 'wordpress',
    url: wordpress.url,
    ...credential,
  })
  const integrationId = integration.id
  await account.connections.update({ integrationId, changes: { config: { syncedTypes: ['post', 'page'] } } })
  const stores = storage.forAccount('acct')
  return {
    account,
    storage: stores,
    integrationId,
    siteId: integration.siteId,
    secondProcess: open,
    intercept(next) {
      hook = next
    },
    goAhead(hours) {
      aheadMs += hours * 3_600_000
    },
    async setMark(mark) {
      const state = await stores.pullStates.get(integrationId, 'post')
      if (state === undefined) throw new Error('The first pull comes before.')
      const moved = { ...state, mark, version: state.version + 1 }
      if (!(await stores.pullStates.put(moved))) throw new Error('Somebody pulls meanwhile.')
      return moved
    },
    async close() {
      for (const igny8 of processes) await igny8.stop({ drainMs: 1_000 })
    },
  }
}
