import * as z from 'zod'
import type { InputOf } from '../errors/input-of.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { assertCalendarKey, createCalendarKey, removeCalendarKey } from './calendar-key.ts'
import { explainPublication, type PublicationExplanation } from './explain-publication.ts'
import { dayMs } from './local-date.ts'
import { type PublicationPreview, previewPublications } from './preview-publications.ts'
import type { PublishParts } from './publish-due.ts'
import { type CalendarDay, createPublishingCalendar, listPublications } from './publishing-calendar.ts'
import { createPublishingSettingsApi, type PublishingSettingsApi } from './publishing-settings-api.ts'
import { siteIdSchema } from './publishing-settings-schemas.ts'
import { createQueueApi, type QueueApi } from './queue-api.ts'
import { notQueued } from './queue-changes.ts'
import { readPlanInput } from './read-plan-input.ts'
import { writeCalendarFeed } from './write-calendar-feed.ts'

const contentIdSchema = z.string().min(1).max(255)
/** Of a feed: calendar applications read it whole, each time. */
const mostUpcoming = 1_000
const calendarSchema = z.strictObject({
  siteId: siteIdSchema,
  year: z.int().min(1970).max(9999),
  month: z.int().min(1).max(12),
})

const openFeedSchema = z.strictObject({ siteId: siteIdSchema, key: z.string().min(1).max(255) })

/** The site of a feed, and the key that its address holds. */
export type OpenCalendarFeedInput = InputOf<typeof openFeedSchema>
/** A month of a site, by the site's calendar. Months count from 1. */
export type PublishingCalendarInput = InputOf<typeof calendarSchema>

/** The publishing scheduler of one account. */
export interface PublishingApi extends QueueApi {
  readonly settings: PublishingSettingsApi
  /** What the scheduler will do, as things are now. */
  preview(siteId: string): Promise<PublicationPreview>
  /** Why a content goes when it does, and what would let it go earlier. Throws `NOT_FOUND` for one that is not queued. */
  explain(contentId: string): Promise<PublicationExplanation>
  /** A month of what was, is and will be published. */
  calendar(input: PublishingCalendarInput): Promise<readonly CalendarDay[]>
  /** What was published this month and the first 1,000 that follow, as an iCalendar (`text/calendar`, RFC 5545) that calendar applications subscribe to. */
  calendarFeed(siteId: string): Promise<string>
  /**
   * A key for the site's feed, for applications that cannot log in: whoever has it reads the feed, and nothing else. It is shown this once; an earlier one opens the feed no more.
   */
  createCalendarKey(siteId: string): Promise<string>
  /** Takes the key back. Idempotent. */
  removeCalendarKey(siteId: string): Promise<void>
  /** `calendarFeed` for whoever has the key. Throws `NOT_FOUND` for a wrong one as for an unknown site. */
  openCalendarFeed(input: OpenCalendarFeedInput): Promise<string>
}

/** Makes the publishing part of an account's API. */
export function createPublishingApi(context: AccountContext, parts: PublishParts): PublishingApi {
  const { storage, clock, accountId } = context
  const read = (siteId: string, ledgerSince?: Date) =>
    readPlanInput(storage, { accountId, siteId }, clock.now(), ledgerSince)
  const settings = createPublishingSettingsApi(context)

  async function calendarFeed(siteId: string): Promise<string> {
    const input = await read(parseInput(siteIdSchema, siteId))
    const items = listPublications(input)
    const passed = items.filter(({ at }) => at < input.now).length
    const shown = items.slice(0, passed + mostUpcoming)
    const [site, contents] = await Promise.all([
      storage.sites.get(siteId),
      storage.content.getMany(shown.map(({ contentId }) => contentId)),
    ])
    const titles = new Map(contents.map(({ id, title }) => [id, title]))
    return writeCalendarFeed(shown, { name: site?.name ?? siteId, titles, now: input.now })
  }

  return {
    ...createQueueApi(context, parts),
    settings,
    async preview(siteId) {
      const input = await read(parseInput(siteIdSchema, siteId))
      return previewPublications(input, { siteZone: input.siteZone })
    },
    async explain(contentId) {
      const entry = await storage.publicationQueue.get(parseInput(contentIdSchema, contentId))
      if (entry === undefined) throw notQueued(contentId)
      return explainPublication(await read(entry.siteId), contentId)
    },
    async calendar(input) {
      const { siteId, year, month } = parseInput(calendarSchema, input)
      // Any zone has begun the month two days after the earliest has.
      const since = new Date(Date.UTC(year, month - 1, 1) - 2 * dayMs)
      return createPublishingCalendar(await read(siteId, since), { year, month })
    },
    calendarFeed,
    createCalendarKey: (siteId) => createCalendarKey(context, settings, siteId),
    removeCalendarKey: (siteId) => removeCalendarKey(context, settings, siteId),
    async openCalendarFeed(input) {
      const { siteId, key } = parseInput(openFeedSchema, input)
      await assertCalendarKey(context, siteId, key)
      return calendarFeed(siteId)
    },
  }
}
