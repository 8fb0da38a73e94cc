import { Igny8Error } from '../errors/igny8-error.ts'
import type { StoredIntegration } from '../model/site-integration.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'

type Platforms = Pick<AccountContext, 'platform'>

/** Whether a site has one integration that is switched on, which publishes by itself at a date. Of several, one would give a content up while another still had its date. */
export async function canHandOver(platforms: Platforms, stores: AccountStores, siteId: string): Promise<boolean> {
  const [only, another] = await listActive(stores, siteId)
  return only !== undefined && another === undefined && hasFutureDates(platforms, only)
}

/** Refuses the mode where a platform of the site lacks what it takes, and where the site has several. Throws `UNSUPPORTED`. */
export async function assertCanHandOver(platforms: Platforms, stores: AccountStores, siteId: string): Promise<void> {
  const active = await listActive(stores, siteId)
  const unable = active.find((integration) => !hasFutureDates(platforms, integration))
  if (unable === undefined && active.length > 1) throw hasSeveral(active.length)
  if (unable === undefined) return
  throw new Igny8Error({
    code: 'UNSUPPORTED',
    message: `mode: the platform "${unable.platform}" cannot publish by itself at a future date.`,
    hint: 'Set mode to "tick": then the scheduler publishes each when its time has come.',
    details: { field: 'mode', platform: unable.platform, integrationId: unable.id },
  })
}

function hasSeveral(integrations: number): Igny8Error {
  return new Igny8Error({
    code: 'UNSUPPORTED',
    message: `mode: the site has ${integrations} integrations, which cannot all be kept at one date.`,
    hint: 'Set mode to "tick", or switch all but one of them off.',
    details: { field: 'mode', integrations },
  })
}

async function listActive(stores: AccountStores, siteId: string): Promise<readonly StoredIntegration[]> {
  return (await stores.integrations.list({ siteId, limit: 100 })).items.filter(({ isActive }) => isActive)
}

function hasFutureDates(platforms: Platforms, { platform }: StoredIntegration): boolean {
  return platforms.platform(platform).traits.futureDates === true
}
