import type { PublishingSettings } from '../model/publishing-settings.ts'
import type { LocalZone } from './local-zone.ts'
import { isZone, openZone } from './open-zone.ts'

/** The zones of a site: the one that slots are read in, and the site's own, `null` where it is not known. */
export interface SiteZones {
  readonly zone: LocalZone
  readonly siteZone: LocalZone | null
}

/** Opens the zones. Without any, slots are read in UTC. */
export async function openSiteZones(
  settings: Pick<PublishingSettings, 'timezone'>,
  site: { readonly timezone: string | null },
): Promise<SiteZones> {
  const siteZone = site.timezone !== null && isZone(site.timezone) ? await openZone(site.timezone) : null
  const zone = settings.timezone === null ? (siteZone ?? (await openZone('UTC'))) : await openZone(settings.timezone)
  return { zone, siteZone }
}
