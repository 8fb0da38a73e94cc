import type { CallOptions, PlatformPull, RemoteOutline, RemotePage } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'
import type { BoundSite } from './bound-site.ts'
import { mapPostToOutline, mapPostToRemoteContent, outlineFields, postFields } from './map-post-to-remote-content.ts'
import { parseExternalId } from './map-remote-write-to-post.ts'
import { type Rows, readRows } from './read-rows.ts'

const byId = { orderby: 'id', order: 'asc' }

/** Whole items by ascending id, without the trash. */
export function createListByExternalId(site: BoundSite): PlatformPull['listByExternalId'] {
  return async ({ type, offset, limit }, options) => {
    checkLimit(limit, site.maxPageSize)
    const route = await site.catalogue.type(type, options)
    const query = { ...byId, offset, per_page: limit }
    const fields = postFields(route)
    const rows = await readRows(site, { route, fields, map: mapPostToRemoteContent, withTrash: false, query, options })
    return toPage(rows, offset, limit)
  }
}

/** Outlines by ascending id, with the trash. */
export function createListOutlines(site: BoundSite): PlatformPull['listOutlines'] {
  return (input, options) => readOutlines(site, { ...input, order: 'asc', withTrash: true }, options)
}

/** Outlines by descending id, without the trash. */
export function createListNewest(site: BoundSite): PlatformPull['listNewest'] {
  return (input, options) => readOutlines(site, { ...input, order: 'desc', withTrash: false }, options)
}

interface OutlinesInput {
  readonly type: string
  readonly offset: number
  readonly limit: number
  readonly order: 'asc' | 'desc'
  readonly withTrash: boolean
}

async function readOutlines(
  site: BoundSite,
  { type, offset, limit, order, withTrash }: OutlinesInput,
  options: CallOptions | undefined,
): Promise<RemotePage<RemoteOutline>> {
  checkLimit(limit, site.maxPageSize)
  const route = await site.catalogue.type(type, options)
  const query = { orderby: 'id', order, offset, per_page: limit }
  const fields = outlineFields
  return toPage(
    await readRows(site, { route, fields, map: mapPostToOutline, withTrash, query, options }),
    offset,
    limit,
  )
}

/** Whole items by id, with the trash. */
export function createGetMany(site: BoundSite): PlatformPull['getMany'] {
  return async ({ type, externalIds }, options) => {
    if (externalIds.length > 0) checkLimit(externalIds.length, site.maxPageSize)
    const route = await site.catalogue.type(type, options)
    const include = [...new Set(externalIds.map((id) => parseExternalId(id)))]
    // An empty `include` would mean everything; `0` is nobody's id.
    const query = { include: include.length === 0 ? [0] : include, per_page: Math.max(include.length, 1), ...byId }
    const fields = postFields(route)
    const rows = await readRows(site, { route, fields, map: mapPostToRemoteContent, withTrash: true, query, options })
    const page = toPage(rows, 0, include.length)
    return { ...page, rows: page.rows.filter((row) => externalIds.includes(row.externalId)), more: false }
  }
}

/**
 * WordPress counts rows that it then leaves out for lack of rights, so that a short page is not the end: the total is. Where a
 * broken site hides the total, only an empty page is.
 */
function toPage<Row>(rows: Rows<Row>, offset: number, limit: number): RemotePage<Row> {
  const { total, received, serverTime, rejected } = rows
  const more = total === null ? received > 0 : offset + limit < total
  return { rows: rows.rows, rejected, total, serverTime, more }
}

/** WordPress gives at most 100 a page, and refuses more. */
export function checkLimit(limit: number, maxPageSize: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxPageSize) return
  throw new Igny8Error({
    code: 'INVALID_INPUT',
    message: `A page holds 1 to ${maxPageSize} rows, not ${limit}.`,
    hint: `Ask for at most ${maxPageSize} at a time.`,
  })
}
