import { notFound } from '../errors/not-found.ts'
import type { QueueEntry } from '../model/publication.ts'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import type { AccountStores } from '../ports/storage.ts'
import { defaultPublishingSettings } from './default-publishing-settings.ts'
import { createLocalCalendar } from './local-calendar.ts'
import { dayMs, minuteMs } from './local-date.ts'
import type { LocalZone } from './local-zone.ts'
import { openSiteZones, type SiteZones } from './open-site-zones.ts'
import type { PlanInput } from './publication-plan.ts'

const pageSize = 500
const centuriesMs = 200 * 366 * dayMs

/** From when on a plan needs the ledger: the month and the week of `now`, and what a gap or a slot may reach back to. */
function ledgerFrom(zone: LocalZone, settings: PublishingSettings, now: Date): Date {
  const calendar = createLocalCalendar(zone, settings.weekStart)
  const day = calendar.dayAt(now.getTime())
  const first = Math.min(calendar.periodOf('monthly', day).first, calendar.periodOf('weekly', day).first)
  return new Date(calendar.startOfDay(first) - Math.max(settings.minGapMinutes * minuteMs, 2 * dayMs))
}

/** Reads what the plan of a site depends on. Settings that nobody has stored are the defaults. Throws `NOT_FOUND`. */
export async function readPlanInput(
  stores: AccountStores,
  site: { readonly accountId: string; readonly siteId: string },
  now: Date,
  ledgerSince?: Date,
): Promise<PlanInput & SiteZones> {
  const { accountId, siteId } = site
  const stored = await stores.sites.get(siteId)
  if (stored === undefined) throw notFound('site', siteId)
  const settings =
    (await stores.publishingSettings.get(siteId)) ?? defaultPublishingSettings(accountId, siteId, stored.createdAt)
  const zones = await openSiteZones(settings, stored)
  const needed = ledgerFrom(zones.zone, settings, now)
  const from = ledgerSince !== undefined && ledgerSince < needed ? ledgerSince : needed
  const ledger = await stores.publications.listBetween(siteId, from, new Date(now.getTime() + centuriesMs))
  return { ...zones, settings, ledger, queue: await readQueue(stores, siteId), now, seed: siteId }
}

async function readQueue(stores: AccountStores, siteId: string): Promise<readonly QueueEntry[]> {
  const entries: QueueEntry[] = []
  let cursor: string | undefined
  do {
    const page = await stores.publicationQueue.list({ siteId, limit: pageSize, cursor })
    entries.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return entries
}
