import { describe, expect, it } from 'vitest'
import { readCronTimes } from './cron-times.ts'

/** The next times after an instant. */
async function timesOf(expression: string, timezone: string, after: string, count: number): Promise<string[]> {
  const next = await readCronTimes(expression, timezone)
  const times: string[] = []
  for (let time = new Date(after); times.length < count; ) {
    time = next(time)
    times.push(time.toISOString().slice(0, 16))
  }
  return times
}

describe('times by cron', () => {
  it('are read in the zone', async () => {
    expect(await timesOf('30 9 * * 1-5', 'Asia/Kathmandu', '2026-11-06T12:00:00Z', 2)).toEqual([
      '2026-11-09T03:45',
      '2026-11-10T03:45',
    ])
  })

  it('that fall into the gap of a clock change are due once, after it', async () => {
    expect(await timesOf('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ])
  })

  it('that come twice when clocks go back are due once', async () => {
    expect(await timesOf('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ])
  })

  it('go on through the hour that comes twice where they are due at every hour', async () => {
    expect(await timesOf('0 * * * *', 'Europe/Berlin', '2026-10-24T23:30:00Z', 3)).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T01:00',
      '2026-10-25T02:00',
    ])
  })

  it.each([
    ['61 * * * *', 'UTC'],
    ['now and then at noon', 'UTC'],
    ['0 0 31 2 *', 'UTC'],
    ['0 0 * * *', 'Nowhere/Land'],
  ])('%s in %s cannot be', async (expression, timezone) => {
    await expect(readCronTimes(expression, timezone)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'cron' },
    })
  })
})
