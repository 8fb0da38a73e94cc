import type { CalendarItem } from './publishing-calendar.ts'

/** Bytes of a line without its end, of RFC 5545. */
const longestLine = 75

/**
 * Publications as an iCalendar (RFC 5545), which calendar applications subscribe to: one event each, at an instant in UTC and without a duration. The UID
 * is the content's, so what moves in the plan moves in the calendar. Pure.
 */
export function writeCalendarFeed(
  items: readonly CalendarItem[],
  feed: { readonly name: string; readonly titles: ReadonlyMap<string, string>; readonly now: Date },
): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//IGNY8//Integrations SDK//EN',
    'METHOD:PUBLISH',
    // The standard's name (RFC 7986), and the older one that more applications know.
    `NAME:${escapeText(feed.name)}`,
    `X-WR-CALNAME:${escapeText(feed.name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    ...items.flatMap((item) => eventOf(item, feed.titles.get(item.contentId) ?? item.contentId, feed.now)),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

function eventOf({ contentId, at, state }: CalendarItem, title: string, now: Date): readonly string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${escapeText(contentId)}@igny8`,
    `DTSTAMP:${utc(now)}`,
    `DTSTART:${utc(at)}`,
    `SUMMARY:${escapeText(title)}`,
    // What waits for its turn may move; what failed does not take place.
    `STATUS:${state === 'published' || state === 'handed-over' ? 'CONFIRMED' : state === 'failed' ? 'CANCELLED' : 'TENTATIVE'}`,
    `CATEGORIES:${escapeText(state)}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ]
}

/** `20261124T081500Z` */
function utc(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

/** A value of type TEXT. Other control characters than line breaks may not stand in one. */
function escapeText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')
}

/** Continues a line after so many bytes with a space on the next, between characters. */
function fold(line: string): string {
  let [folded, bytes] = ['', 0]
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (bytes + size > longestLine) [folded, bytes] = [`${folded}\r\n `, 1]
    folded += character
    bytes += size
  }
  return folded
}
