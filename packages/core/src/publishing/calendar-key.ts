import { createHash, timingSafeEqual } from 'node:crypto'
import { Igny8Error } from '../errors/igny8-error.ts'
import { versionConflict } from '../errors/not-found.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { PublishingSettingsApi } from './publishing-settings-api.ts'

const keyBytes = 32

/** Makes the key that opens a site's calendar feed without a login; an earlier one opens it no more. Only its digest is kept. Throws `NOT_FOUND`. */
export async function createCalendarKey(
  context: AccountContext,
  settings: PublishingSettingsApi,
  siteId: string,
): Promise<string> {
  const key = Buffer.from(context.randomHex(keyBytes), 'hex').toString('base64url')
  await keepDigest(context, settings, siteId, digest(key).toString('hex'))
  return key
}

/** From now on nothing opens the feed without a login. Throws `NOT_FOUND`. */
export async function removeCalendarKey(
  context: AccountContext,
  settings: PublishingSettingsApi,
  siteId: string,
): Promise<void> {
  await keepDigest(context, settings, siteId, null)
}

/** Throws `NOT_FOUND` alike for a key that is wrong, for a site without one and for no site, after the same steps. */
export async function assertCalendarKey({ storage }: AccountContext, siteId: string, key: string): Promise<void> {
  const kept = (await storage.publishingSettings.get(siteId))?.calendarKeyHash ?? null
  const isRight = timingSafeEqual(digest(key), kept === null ? digest('') : Buffer.from(kept, 'hex'))
  if (kept === null || !isRight) throw noFeed()
}

/** When the settings were changed says since when a plan holds: that stays. */
async function keepDigest(
  { storage }: AccountContext,
  { getOrCreateForSite }: PublishingSettingsApi,
  siteId: string,
  calendarKeyHash: string | null,
): Promise<void> {
  const { settings } = await getOrCreateForSite(siteId)
  const next = { ...settings, calendarKeyHash, version: settings.version + 1 }
  if (!(await storage.publishingSettings.update(next, settings.version)))
    throw versionConflict('publishing settings', siteId)
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

function noFeed(): Igny8Error {
  return new Igny8Error({
    code: 'NOT_FOUND',
    message: 'There is no such calendar.',
    hint: 'Ask whoever gave you the address for a new one: it may have been taken back.',
  })
}
