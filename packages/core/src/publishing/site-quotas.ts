import { Igny8Error } from '../errors/igny8-error.ts'
import { notFound, versionConflict } from '../errors/not-found.ts'
import type { Publication } from '../model/publication.ts'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import type { QuotaBucket, ReserveOutcome } from '../ports/publishing-stores.ts'
import type { AccountStores } from '../ports/storage.ts'
import { defaultPublishingSettings } from './default-publishing-settings.ts'
import { bucketsAt, createLocalCalendar } from './local-calendar.ts'
import { minuteMs } from './local-date.ts'
import { countedInstant } from './on-time.ts'
import { openSiteZones } from './open-site-zones.ts'

/** The limits of a site, laid out on its calendar. */
export interface SiteQuotas {
  readonly settings: PublishingSettings
  bucketsAt(instant: Date): readonly QuotaBucket[]
  /** The instant that counts for what was planned for `planned` and is sent `now`. */
  countedAt(planned: Date, now: Date): Date
  /** The content of another unit that is closer to an instant than the gap; asked in the transaction that takes the instant. */
  findWithinGap(stores: AccountStores, unit: Pick<Publication, 'contentId' | 'countedAt'>): Promise<string | undefined>
  /** Throws `VERSION_CONFLICT` where the settings changed since: called in the transaction that counts by them. */
  assertCurrent(stores: AccountStores): Promise<void>
}

/** Reads the settings of a site, or takes the defaults. Throws `NOT_FOUND`. */
export async function openSiteQuotas(stores: AccountStores, accountId: string, siteId: string): Promise<SiteQuotas> {
  const [site, stored] = await Promise.all([stores.sites.get(siteId), stores.publishingSettings.get(siteId)])
  if (site === undefined) throw notFound('site', siteId)
  const settings = stored ?? defaultPublishingSettings(accountId, siteId, site.createdAt)
  const { zone } = await openSiteZones(settings, site)
  const calendar = createLocalCalendar(zone, settings.weekStart)
  return {
    settings,
    bucketsAt: (instant) => bucketsAt(calendar, settings, instant.getTime()),
    countedAt: (planned, now) => new Date(countedInstant(calendar, planned.getTime(), now.getTime())),
    async findWithinGap(current, { contentId, countedAt }) {
      const gapMs = Math.max(settings.minGapMinutes * minuteMs, 1)
      const [from, to] = [new Date(countedAt.getTime() - gapMs + 1), new Date(countedAt.getTime() + gapMs)]
      const units = await current.publications.listBetween(siteId, from, to)
      return units.find((unit) => unit.contentId !== contentId)?.contentId
    },
    async assertCurrent(current) {
      if ((await current.publishingSettings.get(siteId))?.version !== stored?.version)
        throw versionConflict('publishing settings', siteId)
    },
  }
}

/** Whether a unit is counted in the same day, week and month. */
export function isHeldAt(buckets: readonly QuotaBucket[], { countedAt }: Pick<Publication, 'countedAt'>): boolean {
  return buckets.every(({ from, to }) => from <= countedAt && countedAt < to)
}

const words = { daily: 'day', weekly: 'week', monthly: 'month' } as const

/** Names the publication that is too close. */
export function tooClose(contentId: string, otherId: string, gapMinutes: number): Igny8Error {
  return new Igny8Error({
    code: 'PUBLISH_LIMIT_REACHED',
    message: `Another publication is closer than the gap of ${gapMinutes} minutes.`,
    hint: 'Nothing to do: the scheduler publishes it once the gap is over.',
    details: { contentId, otherId, gapMinutes },
  })
}

/** Names the limit that is full. */
export function limitReached(contentId: string, full: Extract<ReserveOutcome, { kind: 'full' }>): Igny8Error {
  const { period, limit, from, to } = full.bucket
  return new Igny8Error({
    code: 'PUBLISH_LIMIT_REACHED',
    message: `The ${period} limit is reached: ${full.used} of ${limit ?? 'any number'} in the ${words[period]} that ends at ${to.toISOString()}.`,
    hint: `Choose a time after that, raise ${period}PublishLimit, or give force: { reason }.`,
    details: { contentId, period, limit, used: full.used, from: from.toISOString(), to: to.toISOString() },
  })
}
