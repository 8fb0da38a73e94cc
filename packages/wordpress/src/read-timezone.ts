import type { CallOptions } from '@igny8/core'
import { mapZone } from './read-structure.ts'
import { malformed, type WordPressRest } from './wordpress-client.ts'
import { zoneSchema } from './wordpress-schemas.ts'

/** The site's zone as it is now. WordPress stores local times beside UTC and filters by them, so a change moves its filters. */
export function createReadTimezone(rest: WordPressRest): (options?: CallOptions) => Promise<string> {
  return async (options) => {
    const { value } = await rest.call({ route: '', query: { _fields: 'gmt_offset,timezone_string' }, options })
    const zone = zoneSchema.safeParse(value)
    if (!zone.success) throw malformed('', 'no zone')
    return mapZone(zone.data)
  }
}
