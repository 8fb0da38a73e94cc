import * as z from 'zod'
import type { InputOf } from '../errors/input-of.ts'
import { notFound } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { Site, StoredSite } from '../model/site.ts'
import { mapStoredSiteToSite } from '../model/views.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Page } from '../ports/page.ts'

const id = z.string().min(1).max(255)
const listSchema = z.strictObject({
  limit: z.int().min(1).max(500).default(100),
  cursor: z.string().max(2_000).optional(),
})

/** A page of the sites. @default 100 a page */
export type ListSitesInput = InputOf<typeof listSchema>

/** Sites of one account. They are made by `connections.connect`. */
export interface SiteApi {
  get(siteId: string): Promise<Site>
  /** Oldest first. */
  list(input?: ListSitesInput): Promise<Page<Site> & { readonly count: number }>
}

export function createSiteApi(context: AccountContext): SiteApi {
  const view = async (site: StoredSite) =>
    mapStoredSiteToSite(site, await context.vault.view(site.wpApiKey, { row: site.id, field: 'wpApiKey' }))
  return {
    async get(siteId) {
      const site = await context.storage.sites.get(parseInput(id, siteId))
      if (site === undefined) throw notFound('site', siteId)
      return view(site)
    },
    async list(input = {}) {
      const query = parseInput(listSchema, input)
      const [page, count] = await Promise.all([context.storage.sites.list(query), context.storage.sites.count()])
      return { items: await Promise.all(page.items.map(view)), nextCursor: page.nextCursor, count }
    },
  }
}
