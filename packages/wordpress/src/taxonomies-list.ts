import type { PlatformTaxonomies, RemotePage, RemoteTerm } from '@igny8/core'
import type { BoundSite } from './bound-site.ts'
import { mapTermToRemoteTerm } from './map-term-to-remote-term.ts'
import { checkLimit } from './pull-pages.ts'
import { malformed } from './wordpress-client.ts'

export const termFields = 'id,name,slug,description,parent'

/**
 * Terms by ascending id, by page: trees of WordPress ignore `offset` (measured on 6.8 and 7.1) and would give their first page for ever.
 *
 * Read as anybody may (`context=view`), as authors are refused the other; names are the stored ones either way.
 */
export function createListTerms(site: BoundSite): PlatformTaxonomies['list'] {
  return async ({ type, page, limit }, options): Promise<RemotePage<RemoteTerm>> => {
    checkLimit(limit, site.maxPageSize)
    const route = await site.catalogue.taxonomy(type, options)
    await site.proveAuthentication(options)
    const query = { orderby: 'id', order: 'asc', page, per_page: limit, _fields: termFields }
    const { value, total, serverTime } = await site.rest.call({ route: route.resource, query, options })
    if (!Array.isArray(value)) throw malformed(route.resource, 'no list')
    const mapped = value.map((row: unknown) => mapTermToRemoteTerm(row, type))
    return {
      rows: mapped.flatMap((entry) => (entry.kind === 'row' ? [entry.row] : [])),
      rejected: mapped.flatMap((entry) => (entry.kind === 'rejected' ? [entry.rejected] : [])),
      total,
      serverTime,
      more: total === null ? mapped.length > 0 : page * limit < total,
    }
  }
}
