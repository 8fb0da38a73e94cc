import type { ContentTaxonomy } from '../model/content-taxonomy.ts'
import type { Page, PageQuery } from './page.ts'

/** Which terms are meant; what is left out does not matter. */
export interface TaxonomyFilter {
  readonly siteId?: string | undefined
  readonly type?: string | undefined
  /** The whole name, whatever its case. */
  readonly name?: string | undefined
  readonly includeRemoved?: boolean | undefined
}

/** Categories, tags and custom terms of one account. */
export interface TaxonomyStore {
  get(taxonomyId: string): Promise<ContentTaxonomy | undefined>
  getMany(taxonomyIds: readonly string[]): Promise<readonly ContentTaxonomy[]>
  /** By the code points of their names, then id. */
  list(query: TaxonomyFilter & PageQuery): Promise<Page<ContentTaxonomy>>
  count(filter: TaxonomyFilter): Promise<number>
  insert(taxonomies: readonly ContentTaxonomy[]): Promise<void>
  /** Compare-and-set on `version`. */
  update(taxonomy: ContentTaxonomy, expectedVersion: number): Promise<boolean>
}
