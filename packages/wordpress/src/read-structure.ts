import type { CallOptions, PlatformConnection, SiteStructure } from '@igny8/core'
import { isIgny8Error } from '@igny8/core/adapter-kit'
import type { DiscoveredSite } from './discover.ts'
import type { WordPressUser } from './prove-authentication.ts'
import { type ReadType, readTypes } from './read-types.ts'
import { readVersion } from './site-version.ts'
import type { WordPressRest } from './wordpress-client.ts'

export interface StructureInput {
  readonly connection: PlatformConnection
  readonly site: DiscoveredSite
  readonly rest: WordPressRest
  readonly user: WordPressUser
  readonly options: CallOptions | undefined
}

/** Everything about a site that mapping needs, with counts. A count that WordPress refuses is `null`. */
export async function readStructure(input: StructureInput): Promise<SiteStructure> {
  const { connection, site, rest, user, options } = input
  const { http, clock, url } = connection
  const { namespaces } = site.root
  const [types, platformVersion] = await Promise.all([
    readTypes(rest, options),
    readVersion({ http, rest, url, namespaces, signal: options?.signal }),
  ])
  const contentTypes = await Promise.all(
    types.contentTypes.map(async ({ rights, ...info }) => ({
      ...info,
      count: await countItems(rest, info.resource, types.statuses, options),
    })),
  )
  return {
    contentTypes,
    taxonomies: types.taxonomies,
    statuses: types.statuses,
    timezone: mapZone(site.root),
    platformVersion,
    apiRoot: site.apiRoot,
    capabilities: heldCapabilities(user),
    extensions: namespaces,
    clockSkewMs: site.clockSkewMs,
    readAt: clock.now().toISOString(),
  }
}

/** `X-WP-Total` of an empty answer: the list of types has no counts. */
async function countItems(
  rest: WordPressRest,
  route: string,
  statuses: readonly string[],
  options: CallOptions | undefined,
): Promise<number | null> {
  try {
    const query = { context: 'edit', status: statuses, per_page: 1, _fields: 'id' }
    return (await rest.call({ route, kind: 'count', query, options })).total
  } catch (error) {
    if (isIgny8Error(error) && error.code !== 'CANCELLED') return null
    throw error
  }
}

/** IANA zone, else the fixed offset in hours that WordPress keeps instead. */
export function mapZone(root: { readonly timezone_string: string; readonly gmt_offset: number }): string {
  if (isZone(root.timezone_string)) return root.timezone_string
  const minutes = Math.round(root.gmt_offset * 60)
  if (minutes === 0 || Math.abs(minutes) > 15 * 60) return 'UTC'
  const two = (value: number) => String(value).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
}

/** Proven names: every sync of a site asks for its own, and asking `Intl` takes as long as a thousand comparisons. */
const zones = new Set<string>()
/** Above all that there are; a site may write one in many ways. */
const mostZones = 1_000

function isZone(name: string): boolean {
  if (zones.has(name)) return true
  try {
    if (name === '' || !new Intl.DateTimeFormat('en', { timeZone: name })) return false
  } catch {
    return false
  }
  if (zones.size >= mostZones) zones.clear()
  zones.add(name)
  return true
}

/** Names of what the user may do. */
export function heldCapabilities(user: WordPressUser): readonly string[] {
  return Object.entries(user.capabilities)
    .filter(([, held]) => held === true)
    .map(([name]) => name)
    .sort()
}

/** Whether the user holds the right that a type asks for, such as `publish_posts`. */
export function holdsRight(user: WordPressUser, type: ReadType, right: string): boolean {
  return user.capabilities[type.rights[right] ?? right] === true
}
