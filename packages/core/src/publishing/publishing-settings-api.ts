import { notFound, versionConflict } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'
import { assertCanHandOver } from './can-hand-over.ts'
import { defaultPublishingSettings } from './default-publishing-settings.ts'
import { mergeSlots } from './merge-slots.ts'
import { openSiteZones } from './open-site-zones.ts'
import {
  siteIdSchema,
  type UpdatePublishingSettingsInput,
  updatePublishingSettingsSchema,
} from './publishing-settings-schemas.ts'
import { type PublishingWarning, warnOfMerged, warnOfSettings } from './publishing-warnings.ts'

/** When and how much the sites of one account publish. */
export interface PublishingSettingsApi {
  /** Those of a site, or the defaults, stored: 5 a day, 20 a week, 60 a month, every day at any time, nothing automatic. Throws `NOT_FOUND`. */
  getOrCreateForSite(siteId: string): Promise<{ readonly settings: PublishingSettings; readonly created: boolean }>
  /** Throws `NOT_FOUND` for an unknown site, and for one without settings. */
  get(siteId: string): Promise<PublishingSettings>
  /**
   * Changes the fields given. What works but may surprise comes back as warnings; slots that overlap are stored as one. Throws `INVALID_INPUT`, `NOT_FOUND`, `UNSUPPORTED` for
   * the mode `remote-future` where a platform of the site cannot do that, or `VERSION_CONFLICT` where `version` is no longer the newest.
   */
  update(
    input: UpdatePublishingSettingsInput,
  ): Promise<{ readonly settings: PublishingSettings; readonly warnings: readonly PublishingWarning[] }>
}

/** Makes the settings part of an account's API. */
export function createPublishingSettingsApi(context: AccountContext): PublishingSettingsApi {
  const { storage, clock, accountId } = context

  async function siteOf(stores: AccountStores, siteId: string) {
    const site = await stores.sites.get(siteId)
    if (site === undefined) throw notFound('site', siteId)
    return site
  }

  async function load(stores: AccountStores, siteId: string): Promise<PublishingSettings> {
    const settings = await stores.publishingSettings.get(siteId)
    if (settings === undefined)
      throw notFound(
        'publishing settings',
        siteId,
        'Make the defaults: publishing.settings.getOrCreateForSite(siteId).',
      )
    return settings
  }

  return {
    async getOrCreateForSite(siteId) {
      await siteOf(storage, parseInput(siteIdSchema, siteId))
      return storage.publishingSettings.getOrCreate(defaultPublishingSettings(accountId, siteId, clock.now()))
    },
    get: async (siteId) => load(storage, parseInput(siteIdSchema, siteId)),
    async update(input) {
      const { siteId, version, changes } = parseInput(updatePublishingSettingsSchema, input)
      if (changes.mode === 'remote-future') await assertCanHandOver(context, storage, siteId)
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
      const { slots, merged } = mergeSlots(changes.publishTimeSlots ?? [])
      const now = clock.now()
      const { settings, site } = await storage.transaction(async (stores) => {
        const before = await load(stores, siteId)
        if (before.version !== version) throw versionConflict('publishing settings', siteId)
        const next: PublishingSettings = {
          ...before,
          ...given,
          ...(changes.publishTimeSlots == null ? {} : { publishTimeSlots: slots }),
          version: version + 1,
          updatedAt: now,
        }
        if (!(await stores.publishingSettings.update(next, version)))
          throw versionConflict('publishing settings', siteId)
        return { settings: next, site: await siteOf(stores, siteId) }
      })
      const zones = await openSiteZones(settings, site)
      return { settings, warnings: [...warnOfMerged(merged), ...warnOfSettings({ settings, ...zones, now })] }
    },
  }
}
