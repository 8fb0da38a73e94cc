import type { StoredSite } from '../model/site.ts'
import type { Page, PageQuery } from './page.ts'

/** Sites of one account. */
export interface SiteStore {
  get(siteId: string): Promise<StoredSite | undefined>
  findByUrl(url: string): Promise<StoredSite | undefined>
  /** Oldest first. */
  list(query: PageQuery): Promise<Page<StoredSite>>
  count(): Promise<number>
  insert(site: StoredSite): Promise<void>
  /** Compare-and-set on `version`. */
  update(site: StoredSite, expectedVersion: number): Promise<boolean>
}
