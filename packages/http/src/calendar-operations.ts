import * as z from 'zod'
import { id, listOf } from './model-schemas.ts'
import { operation, publicOperation, streamOperation } from './operation.ts'
import { plannedState, quota, publishingTag as tag } from './publishing-operations.ts'

const mediaType = 'text/calendar'

/** Publications by their dates, for a page and for calendar applications. */
export const calendarOperations = [
  operation({
    id: 'publishingCalendar',
    method: 'GET',
    path: 'sites/{siteId}/publishing/calendar/',
    summary: 'A month of what was, is and will be published',
    tag,
    query: z.strictObject({ year: z.int().min(1970).max(9999), month: z.int().min(1).max(12) }),
    answer: z.object({
      days: listOf(
        z.object({
          day: z.string(),
          from: z.date(),
          to: z.date(),
          items: listOf(
            z.object({ contentId: id, state: plannedState, at: z.date(), local: z.string(), quotas: listOf(quota) }),
          ),
        }),
      ),
    }),
    handle: async ({ account, path, query }) => ({
      days: await account.publishing.calendar({ siteId: path.siteId, ...query }),
    }),
  }),
  streamOperation({
    id: 'publishingCalendarFeed',
    method: 'GET',
    path: 'sites/{siteId}/publishing/calendar_feed/',
    summary: 'What was published this month and what follows, as an iCalendar (RFC 5545)',
    tag,
    streams: mediaType,
    handle: async ({ account, path }) => answerFeed(await account.publishing.calendarFeed(path.siteId)),
  }),
  operation({
    id: 'createCalendarKey',
    method: 'POST',
    path: 'sites/{siteId}/publishing/calendar_key/',
    summary:
      'An address of the feed that needs no login, for calendar applications; shown this once, and an earlier one ends',
    tag,
    answer: z.object({ path: z.string().describe('Below the base path. Whoever has it reads the feed.') }),
    handle: async ({ account, path: { siteId } }) => {
      const key = await account.publishing.createCalendarKey(siteId)
      return { path: `calendars/${[account.accountId, siteId, key].map(encodeURIComponent).join('/')}/` }
    },
  }),
  operation({
    id: 'removeCalendarKey',
    method: 'DELETE',
    path: 'sites/{siteId}/publishing/calendar_key/',
    summary: 'Take that address back',
    tag,
    async handle({ account, path }) {
      await account.publishing.removeCalendarKey(path.siteId)
      return undefined
    },
  }),
  publicOperation({
    id: 'openCalendarFeed',
    method: 'GET',
    path: 'calendars/{accountId}/{siteId}/{calendarKey}/',
    summary: 'The feed, for whoever has its address: calendar applications cannot log in',
    tag,
    status: 200,
    streams: mediaType,
    handle: async ({ igny8, path: { accountId, siteId, calendarKey: key } }) =>
      answerFeed(await igny8.forAccount(accountId).publishing.openCalendarFeed({ siteId, key })),
  }),
]

function answerFeed(feed: string): Response {
  return new Response(feed, { headers: { 'content-type': `${mediaType}; charset=utf-8` } })
}
