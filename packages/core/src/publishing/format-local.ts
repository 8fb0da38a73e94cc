import { type DayNumber, dayMs, minuteMs } from './local-date.ts'
import type { LocalZone } from './local-zone.ts'

/** `2026-11-24T09:00:00-05:00` */
export function formatLocal(zone: LocalZone, instantMs: number): string {
  const offsetMs = zone.offsetMsAt(instantMs)
  const minutes = Math.round(Math.abs(offsetMs) / minuteMs)
  const digits = (value: number) => String(value).padStart(2, '0')
  const offset = `${offsetMs < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}`
  return `${new Date(instantMs + offsetMs).toISOString().slice(0, 19)}${offset}`
}

/** `Tue 09:00`, and with the date where it is further away than the name of a day tells: `Tue 1 Dec 09:00`. */
export function nameMoment(zone: LocalZone, instantMs: number, today: DayNumber): string {
  const wall = instantMs + zone.offsetMsAt(instantMs)
  return `${nameDay(Math.floor(wall / dayMs), today)} ${new Date(wall).toISOString().slice(11, 16)}`
}

/** `Tue`, or `Tue 1 Dec`, or `Tue 5 Jan 2027`. */
export function nameDay(day: DayNumber, today: DayNumber): string {
  const date = new Date(day * dayMs)
  const year = date.getUTCFullYear() === new Date(today * dayMs).getUTCFullYear() ? '' : ` ${date.getUTCFullYear()}`
  const month = date.toLocaleDateString('en-US', { month: 'short', timeZone: 'UTC' })
  const weekday = date.toLocaleDateString('en-US', { weekday: 'short', timeZone: 'UTC' })
  return day >= today && day < today + 7 ? weekday : `${weekday} ${date.getUTCDate()} ${month}${year}`
}

/** `EDT`, or `GMT+2` where English has no letters for it. */
export function nameZoneAt(zone: LocalZone, instantMs: number): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone.id, timeZoneName: 'short' }).formatToParts(instantMs)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone.id
}
