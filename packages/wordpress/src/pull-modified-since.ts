import type { CallOptions, PlatformPull, RejectedRow, RemoteOutline, RemotePage } from '@igny8/core'
import { Igny8Error, isIgny8Error } from '@igny8/core/adapter-kit'
import type { BoundSite } from './bound-site.ts'
import type { RestQuery } from './build-rest-url.ts'
import { mapPostToOutline, outlineFields } from './map-post-to-remote-content.ts'
import { mapDateToGmt } from './map-time.ts'
import { checkLimit } from './pull-pages.ts'
import { type Rows, readRows } from './read-rows.ts'
import type { TypeRoute } from './site-catalogue.ts'

/** Pages of rows that the user may not see, after which we stop looking. */
const mostHiddenPages = 100
/** Rows passed over in one call, after which a site is taken to make them up. */
const mostRows = 500_000

/**
 * What was modified at or after an instant, oldest first.
 *
 * WordPress's `modified_after` means strictly later, to the second, and reads a time without `Z` as the site's local time: so it
 * is asked from one second earlier. Rows of that second are told apart by `exclude`, as page numbers lose rows among equal times.
 * It compares with the local time that was stored, which a change of the site's zone puts hours off, and before 5.7 it does not
 * exist and is ignored: what is too old by its UTC time is passed over here.
 */
export function createListModifiedSince(site: BoundSite): PlatformPull['listModifiedSince'] {
  return async (input, options) => {
    checkLimit(input.limit, site.maxPageSize)
    const route = await site.catalogue.type(input.type, options)
    const since = Math.floor(input.since.getTime() / 1000) * 1000
    const { excludeIds, limit } = input
    const read = createReader(site, route, options)
    try {
      const exclude = excludeIds.length === 0 ? undefined : excludeIds
      const range = { modified_after: secondsFrom(since, -1), orderby: 'modified', order: 'asc', exclude }
      return await readUntilRow(read, range, limit, (row) => row.modifiedAt.getTime() >= since)
    } catch (error) {
      if (!isRefusedBody(error)) throw error
      return readAroundSecond(read, { since, excludeIds, limit })
    }
  }
}

type Reader = (query: RestQuery) => Promise<Rows<RemoteOutline>>

interface SinceInput {
  readonly since: number
  readonly excludeIds: readonly string[]
  readonly limit: number
}

function createReader(site: BoundSite, route: TypeRoute, options: CallOptions | undefined): Reader {
  return (query) =>
    readRows(site, { route, fields: outlineFields, map: mapPostToOutline, withTrash: true, query, options })
}

/** The first page that has a row to give, so that every page but the last brings its reader further. */
async function readUntilRow(
  read: Reader,
  range: RestQuery,
  limit: number,
  keeps: (row: RemoteOutline) => boolean,
): Promise<RemotePage<RemoteOutline>> {
  const rejected: RejectedRow[] = []
  for (let offset = 0, hidden = 0; hidden < mostHiddenPages && offset <= mostRows; offset += limit) {
    const page = await read({ ...range, per_page: limit, offset: offset === 0 ? undefined : offset })
    rejected.push(...page.rejected)
    const rows = page.rows.filter(keeps).sort(oldestFirst)
    const { total, serverTime, received } = page
    const more = total === null ? received > 0 : offset + limit < total
    if (rows.length > 0 || !more) return { rows, rejected, total, serverTime, more }
    if (received === 0) hidden++
  }
  throw new Igny8Error({
    code: 'PERMISSION_DENIED',
    message: 'The site counts items that it does not show to the user of the application password.',
    hint: 'Use an application password of an administrator or editor, who may edit the items of others.',
  })
}

/**
 * Without `exclude`: the whole second of `since` by id, where nothing shifts, and only then what came later. For sites whose
 * firewall refuses the request that carries many ids.
 */
async function readAroundSecond(read: Reader, input: SinceInput): Promise<RemotePage<RemoteOutline>> {
  const { since, limit } = input
  const excluded = new Set(input.excludeIds)
  const keeps = (row: RemoteOutline) => row.modifiedAt.getTime() >= since && !excluded.has(row.externalId)
  const second = { modified_after: secondsFrom(since, -1), modified_before: secondsFrom(since, 1) }
  const inSecond = await readUntilRow(read, { ...second, orderby: 'id', order: 'asc' }, limit, keeps)
  if (inSecond.rows.length > 0) return { ...inSecond, more: true }
  const later = { modified_after: secondsFrom(since, 0), orderby: 'modified', order: 'asc' }
  return readUntilRow(read, later, limit, keeps)
}

function oldestFirst(one: RemoteOutline, other: RemoteOutline): number {
  return one.modifiedAt.getTime() - other.modifiedAt.getTime() || Number(one.externalId) - Number(other.externalId)
}

function secondsFrom(time: number, seconds: number): string {
  return mapDateToGmt(new Date(time + seconds * 1000))
}

/** A firewall in front refuses the body or the method; WordPress itself would have said so in its own words. */
function isRefusedBody(error: unknown): boolean {
  if (!isIgny8Error(error) || error.details.wordpressCode !== undefined) return false
  const { status } = error.details
  return status === 403 || status === 404 || status === 405 || status === 406 || status === 413 || status === 501
}
