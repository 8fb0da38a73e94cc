/** Conversions between instants and the columns of WordPress's tables, which are text to the second. */
export interface SiteTime {
  nowGmt(): string
  nowLocal(): string
  localFromGmt(gmt: string): string
  /** In the hour that a zone has twice the first is meant, in the one it leaves out the clock is taken as not yet moved, as PHP does. */
  gmtFromLocal(local: string): string
  /** A local time that the zone leaves out, as the clock shows it then: an hour later. Any other stays. */
  skipGap(local: string): string
  /** Hours that the zone is ahead of UTC now. */
  offsetHours(): number
  now(): Date
}

export function createSiteTime(now: () => Date, zone: () => string): SiteTime {
  const nowGmt = (): string => formatColumn(now().getTime())
  const localFromGmt = (gmt: string): string => {
    const time = parseColumn(gmt)
    return formatColumn(time + offsetAt(zone(), time))
  }
  return {
    now,
    nowGmt,
    nowLocal: () => localFromGmt(nowGmt()),
    localFromGmt,
    gmtFromLocal: (local) => formatColumn(instantOfLocal(zone(), parseColumn(local))),
    skipGap(local) {
      const name = zone()
      if (!isNearGap(name, local.slice(0, 10))) return local
      const time = instantOfLocal(name, parseColumn(local))
      return formatColumn(time + offsetAt(name, time))
    },
    offsetHours: () => offsetAt(zone(), now().getTime()) / 3_600_000,
  }
}

const day = 86_400_000

const gaps = new Map<string, Map<string, boolean>>()

/** Whether the zone leaves out an hour on a day or beside it; asked for every date of every row. */
function isNearGap(zone: string, date: string): boolean {
  let known = gaps.get(zone)
  if (known === undefined) {
    known = new Map()
    gaps.set(zone, known)
  }
  let isNear = known.get(date)
  if (isNear === undefined) {
    const midnight = Date.parse(`${date}T00:00:00Z`)
    isNear = offsetAt(zone, midnight - day) < offsetAt(zone, midnight + 2 * day)
    known.set(date, isNear)
  }
  return isNear
}

function instantOfLocal(zone: string, local: number): number {
  const before = offsetAt(zone, local - day)
  const after = offsetAt(zone, local + day)
  if (before === after) return local - before
  const isBefore = offsetAt(zone, local - before) === before
  const isAfter = offsetAt(zone, local - after) === after
  return local - (isBefore || !isAfter ? before : after)
}

export function formatColumn(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ')
}

/** Milliseconds of a column taken as UTC. */
export function parseColumn(column: string): number {
  return Date.parse(`${column.slice(0, 10)}T${column.slice(11)}Z`)
}

const offsets = new Map<string, Map<number, number>>()
const quarterHour = 900_000

/** Offsets change on quarter hours only, so that a few thousand of them answer every question of a simulation. */
function offsetAt(zone: string, time: number): number {
  if (zone.startsWith('+') || zone.startsWith('-')) return readOffset(zone)
  let known = offsets.get(zone)
  if (known === undefined) {
    known = new Map()
    offsets.set(zone, known)
  }
  const quarter = Math.floor(time / quarterHour)
  let offset = known.get(quarter)
  if (offset === undefined) {
    offset = askIntl(zone, quarter * quarterHour)
    known.set(quarter, offset)
  }
  return offset
}

const formats = new Map<string, Intl.DateTimeFormat>()

function askIntl(zone: string, time: number): number {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    formats.set(zone, format)
  }
  const name = format.formatToParts(time).find((part) => part.type === 'timeZoneName')?.value ?? ''
  return readOffset(name)
}

function readOffset(text: string): number {
  const match = /([+-])(\d{2}):(\d{2})/.exec(text)
  return match === null ? 0 : (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000
}

/** A date as a client sends it; without a zone it is the site's local time. `null` for what WordPress refuses. */
export function parseClientDate(text: string, time: SiteTime): { readonly local: string; readonly gmt: string } | null {
  const match = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}(?::\d{2})?)?$/.exec(text)
  if (match === null) return null
  const [, date, clock, zone] = match
  if (zone === undefined) {
    const parsed = Date.parse(`${date}T${clock}Z`)
    if (Number.isNaN(parsed)) return null
    const local = formatColumn(parsed)
    return { local, gmt: time.gmtFromLocal(local) }
  }
  const parsed = Date.parse(`${date}T${clock}${zone.length === 3 ? `${zone}:00` : zone}`)
  if (Number.isNaN(parsed)) return null
  const gmt = formatColumn(parsed)
  return { local: time.localFromGmt(gmt), gmt }
}
