import { describe, expect, it } from 'vitest'
import { openZone } from './open-zone.ts'

const { Temporal } = await import('temporal-polyfill')

const hourMs = 3_600_000
const minuteMs = 60_000

/** Zones whose clocks do something of their own, and a plain one of each kind. */
const zones: readonly (readonly [zone: string, year: number])[] = [
  ['America/New_York', 2027],
  ['Europe/Berlin', 2027],
  ['Australia/Lord_Howe', 2027],
  ['Africa/Cairo', 2027],
  ['America/Santiago', 2027],
  ['America/Havana', 2027],
  ['America/Nuuk', 2027],
  ['Antarctica/Troll', 2027],
  ['Asia/Beirut', 2027],
  ['Pacific/Apia', 2011],
  ['America/St_Johns', 2009],
  ['Africa/Casablanca', 2018],
  ['Asia/Kathmandu', 2027],
  ['UTC', 2027],
  ['+05:30', 2027],
]

describe('a zone', () => {
  it.each(zones)('%s in %i has the offsets that Temporal tells, forwards and backwards', async (name, year) => {
    const zone = await openZone(name)
    const from = Date.UTC(year, 0, 1)
    const instants = Array.from({ length: 366 * 8 }, (_, index) => from + index * 3 * hourMs)
    for (const at of [...instants, ...instants.toReversed()]) expect(zone.offsetMsAt(at)).toBe(offsetAt(name, at))
  })

  it.each(zones)('%s in %i reads wall times as Temporal does', async (name, year) => {
    const zone = await openZone(name)
    for (const wallMs of wallTimesOf(name, year)) {
      const wall = Temporal.PlainDateTime.from(new Date(wallMs).toISOString().slice(0, 19))
      const [first, second] = (['earlier', 'later'] as const).map((disambiguation) => {
        const zoned = wall.toZonedDateTime(name, { disambiguation })
        return { at: zoned.epochMilliseconds, exists: zoned.toPlainDateTime().equals(wall) }
      })
      const read = zone.readWallTime(wallMs)
      if (first?.at === second?.at) expect(read).toEqual({ kind: 'unique', at: first?.at })
      else if (first?.exists) expect(read).toEqual({ kind: 'fold', first: first.at, second: second?.at })
      else expect(read).toMatchObject({ kind: 'gap', later: second?.at })
    }
  })

  it('is asked of far-off times and of long ago alike', async () => {
    const zone = await openZone('Europe/Paris')
    for (const year of [2090, 1950, 2026, 2150, 1975])
      for (const month of [0, 6])
        expect(zone.offsetMsAt(Date.UTC(year, month, 10))).toBe(offsetAt('Europe/Paris', Date.UTC(year, month, 10)))
  })

  it('that does not exist is refused with the fix', async () => {
    await expect(openZone('Mars/Olympus')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      hint: expect.stringContaining('Europe/Berlin'),
    })
  })
})

function offsetAt(name: string, at: number): number {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name).offsetNanoseconds / 1e6
}

/** Every 15 minutes of the days around each change of the clocks, and one wall time a week otherwise. */
function wallTimesOf(name: string, year: number): number[] {
  const from = Date.UTC(year, 0, 1)
  const weekly = Array.from({ length: 52 }, (_, week) => from + week * 7 * 24 * hourMs + 9 * hourMs)
  const changes: number[] = []
  for (let at = from; at < Date.UTC(year + 1, 0, 1); at += 24 * hourMs)
    if (offsetAt(name, at) !== offsetAt(name, at + 24 * hourMs)) changes.push(at)
  const around = changes.flatMap((at) =>
    Array.from({ length: 4 * 72 }, (_, quarter) => at - 24 * hourMs + quarter * 15 * minuteMs),
  )
  return [...weekly, ...around]
}
