import { type Account, createIgny8, type Igny8, type Storage } from '@igny8/core'
import { createSystemClock } from '@igny8/core/adapter-kit'
import { createWordPressAdapter } from '@igny8/wordpress'

/** Where a site is, and who may work on it. */
export interface SiteAccess {
  readonly url: string
  readonly username: string
  readonly applicationPassword: string
}

export interface ConnectedSdk {
  readonly igny8: Igny8
  readonly account: Account
  readonly integrationId: string
  readonly siteId: string
  readonly storage: Storage
  /** Lets its clock run ahead from here on. */
  advance(milliseconds: number): void
}

/** The account of the bench, on a storage of its own. */
export const benchAccountId = 'bench'

/** A fresh SDK, connected to the site, that synchronises posts only. */
export async function connectSdk(
  access: SiteAccess,
  options: { readonly storage: Storage; readonly fetch?: typeof globalThis.fetch },
): Promise<ConnectedSdk> {
  let aheadMs = 0
  const igny8 = createIgny8({
    ...options,
    platforms: [createWordPressAdapter()],
    encryption: { keys: [{ id: 'bench', secret: Buffer.alloc(32, 5).toString('base64') }] },
    outbound: { allow: [access.url] },
    clock: { ...createSystemClock(), now: () => new Date(Date.now() + aheadMs) },
  })
  await igny8.start()
  const account = igny8.forAccount(benchAccountId)
  const { integration, site } = await account.connections.connect({ platform: 'wordpress', ...access })
  const changes = { config: { syncedTypes: ['post'] } }
  await account.connections.update({ integrationId: integration.id, changes })
  return {
    igny8,
    account,
    integrationId: integration.id,
    siteId: site.id,
    storage: options.storage,
    advance(milliseconds) {
      aheadMs += milliseconds
    },
  }
}
