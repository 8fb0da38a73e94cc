import { Igny8Error } from '../errors/igny8-error.ts'
import type { StoredIntegration } from '../model/site-integration.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'

type Platforms = Pick<AccountContext, 'platform'>

/** Whether every integration of a site that is switched on publishes by itself at a date; there must be one. */
export async function canHandOver(platforms: Platforms, stores: AccountStores, siteId: string): Promise<boolean> {
  const active = await listActive(stores, siteId)
  return active.length > 0 && active.every((integration) => hasFutureDates(platforms, integration))
}

/** Refuses the mode where a platform of the site lacks what it takes. Throws `UNSUPPORTED`. */
export async function assertCanHandOver(platforms: Platforms, stores: AccountStores, siteId: string): Promise<void> {
  const unable = (await listActive(stores, siteId)).find((integration) => !hasFutureDates(platforms, integration))
  if (unable === undefined) return
  throw new Igny8Error({
    code: 'UNSUPPORTED',
    message: `mode: the platform "${unable.platform}" cannot publish by itself at a future date.`,
    hint: 'Set mode to "tick": then the scheduler publishes each when its time has come.',
    details: { field: 'mode', platform: unable.platform, integrationId: unable.id },
  })
}

async function listActive(stores: AccountStores, siteId: string): Promise<readonly StoredIntegration[]> {
  return (await stores.integrations.list({ siteId, limit: 100 })).items.filter(({ isActive }) => isActive)
}

function hasFutureDates(platforms: Platforms, { platform }: StoredIntegration): boolean {
  return platforms.platform(platform).traits.futureDates === true
}
