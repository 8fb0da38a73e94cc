/** A category (with a parent), a tag, or a term of a custom taxonomy. */
export interface ContentTaxonomy {
  readonly id: string
  readonly accountId: string
  readonly siteId: string
  /** `category`, `tag`, or the platform's own taxonomy name. */
  readonly type: string
  readonly name: string
  /** `null`: the platform chooses. */
  readonly slug: string | null
  readonly description: string
  readonly parentId: string | null
  readonly removedAt: Date | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}
