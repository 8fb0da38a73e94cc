import { type CalendarItem, writeCalendarFeed } from '@igny8/core'
import fc from 'fast-check'
import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import { openPublishingWorld } from './publishing-world.ts'

const now = new Date('2026-11-24T08:15:00Z')
const at = new Date('2026-12-01T09:00:00Z')
const item = (contentId: string, state: CalendarItem['state'] = 'planned'): CalendarItem => ({
  contentId,
  state,
  at,
  local: '',
  quotas: [],
})

/** As a calendar application understands it. */
function read(feed: string) {
  const calendar = new ICAL.Component(ICAL.parse(feed))
  return {
    // To this reader the property is unknown, and its value stays as it is written.
    name: calendar.getFirstPropertyValue('x-wr-calname'),
    events: calendar.getAllSubcomponents('vevent').map((component) => {
      const event = new ICAL.Event(component)
      const { uid, summary, startDate } = event
      return { uid, summary, at: startDate.toJSDate(), status: component.getFirstPropertyValue('status') }
    }),
  }
}

describe('a calendar feed', () => {
  it('is read by a calendar application', () => {
    const titles = new Map([['one', 'Fish, chips; and a \\ backslash\nin two lines 😀']])
    const items = [item('one'), item('two', 'published'), item('three', 'failed')]
    expect(read(writeCalendarFeed(items, { name: 'Shop; "Süd"', titles, now }))).toEqual({
      name: 'Shop\\; "Süd"',
      events: [
        { uid: 'one@igny8', summary: titles.get('one'), at, status: 'TENTATIVE' },
        { uid: 'two@igny8', summary: 'two', at, status: 'CONFIRMED' },
        { uid: 'three@igny8', summary: 'three', at, status: 'CANCELLED' },
      ],
    })
  })

  it('has lines of 75 bytes at most, each with its end, whatever stands in a title', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 })
    fc.assert(
      fc.property(text, (title) => {
        const feed = writeCalendarFeed([item('one')], { name: title, titles: new Map([['one', title]]), now })
        const lines = feed.split('\r\n')
        expect(lines.pop()).toBe('')
        for (const line of lines) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
          expect(line).not.toMatch(/[\n\r]/)
        }
        expect(read(feed).events).toHaveLength(1)
      }),
    )
  })

  it('shows the plan of a site by the titles of its contents', async () => {
    const world = await openPublishingWorld({ dailyPublishLimit: 1 })
    await world.approve('First', 'Second')
    await world.runFor(60_000)
    const { name, events } = read(await world.publishing.calendarFeed(world.siteId))
    expect(name).toBe((await world.account.sites.get(world.siteId)).name)
    expect(events.map(({ summary, status }) => `${summary} ${status}`)).toEqual(['First CONFIRMED', 'Second TENTATIVE'])
    const { items } = await world.publishing.preview(world.siteId)
    expect(events[1]?.at).toEqual(items.find(({ state }) => state === 'planned')?.at)
    await expect(world.publishing.calendarFeed('unknown')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
