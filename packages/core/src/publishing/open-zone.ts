import { Igny8Error } from '../errors/igny8-error.ts'
import { createLocalZone, type LocalZone } from './local-zone.ts'

const zones = new Map<string, LocalZone>()
/** Every IANA zone with its aliases, and the fixed offsets in use, fit in; only a caller who invents offsets goes past it. */
const mostZones = 2_000

/**
 * Opens an IANA zone or a fixed offset (`+05:30`). What is known of a zone is kept for the next caller.
 *
 * Throws `INVALID_INPUT` for a zone that does not exist.
 */
export async function openZone(timezone: string): Promise<LocalZone> {
  const known = zones.get(timezone)
  if (known !== undefined) return known
  const { Temporal } = await import('temporal-polyfill')
  const at = (instantMs: number) => Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timezone)
  try {
    at(0)
  } catch (cause) {
    throw unknownZone(timezone, cause)
  }
  const zone = createLocalZone(timezone, {
    offsetMsAt: (instantMs) => at(instantMs).offsetNanoseconds / 1_000_000,
    nextTransition: (instantMs) => at(instantMs).getTimeZoneTransition('next')?.epochMilliseconds,
  })
  if (zones.size >= mostZones) zones.clear()
  zones.set(timezone, zone)
  return zone
}

/** Whether `timezone` is one that `openZone` opens. */
export function isZone(timezone: string): boolean {
  if (zones.has(timezone)) return true
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }) !== null
  } catch {
    return false
  }
}

function unknownZone(timezone: string, cause: unknown): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: 'timezone: is not a known time zone.',
    hint: 'Give the name of an IANA zone such as "Europe/Berlin", or an offset such as "+05:30".',
    details: { field: 'timezone', timezone: timezone.slice(0, 64) },
    cause,
  })
}
