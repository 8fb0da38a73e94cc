import type { CallOptions, RejectedRow } from '@igny8/core'
import { isIgny8Error } from '@igny8/core/adapter-kit'
import type { BoundSite } from './bound-site.ts'
import type { RestQuery } from './build-rest-url.ts'
import type { Mapped } from './map-post-to-remote-content.ts'
import type { TypeRoute } from './site-catalogue.ts'
import { malformed, wordpressCodeOf } from './wordpress-client.ts'

/** Longer URLs fail on common servers at 8 kB and on some proxies earlier. */
const longestQuery = 4000

export interface RowsInput<Row> {
  readonly route: TypeRoute
  readonly fields: readonly string[]
  readonly map: (value: unknown, route: TypeRoute) => Mapped<Row>
  readonly withTrash: boolean
  readonly query: RestQuery
  readonly options?: CallOptions | undefined
}

export interface Rows<Row> {
  readonly rows: readonly Row[]
  readonly rejected: readonly RejectedRow[]
  /** Rows in the answer, readable or not. */
  readonly received: number
  readonly total: number | null
  readonly serverTime: Date
}

/**
 * One list of posts in every status that the site has. Statuses are named, as `any` leaves the trash out; where one of them is
 * gone from the site they are read again. What does not fit a URL travels in a body.
 */
export async function readRows<Row>(site: BoundSite, input: RowsInput<Row>): Promise<Rows<Row>> {
  try {
    return await readOnce(site, input)
  } catch (error) {
    if (!isStaleStatus(error)) throw error
    site.catalogue.refresh()
    return readOnce(site, input)
  }
}

async function readOnce<Row>(site: BoundSite, input: RowsInput<Row>): Promise<Rows<Row>> {
  const { route, options } = input
  const statuses = await site.catalogue.statuses(options)
  const status = input.withTrash ? [...statuses, 'trash'] : statuses
  const fixed = { context: 'edit', _fields: input.fields }
  const filters = { ...input.query, status }
  const fits = JSON.stringify(filters).length <= longestQuery
  const answer = await site.rest.call({
    route: route.resource,
    query: fits ? { ...fixed, ...filters } : fixed,
    ...(fits ? {} : { json: { ...filters, status: status.join(',') } }),
    options,
  })
  if (!Array.isArray(answer.value)) throw malformed(route.resource, 'no list')
  const mapped = answer.value.map((row: unknown) => input.map(row, route))
  return {
    rows: mapped.flatMap((entry) => (entry.kind === 'row' ? [entry.row] : [])),
    rejected: mapped.flatMap((entry) => (entry.kind === 'rejected' ? [entry.rejected] : [])),
    received: mapped.length,
    total: answer.total,
    serverTime: answer.serverTime,
  }
}

function isStaleStatus(error: unknown): boolean {
  return (
    isIgny8Error(error) &&
    error.code === 'REMOTE_REJECTED' &&
    wordpressCodeOf(error) === 'rest_invalid_param' &&
    error.details.parameter === 'status'
  )
}
