/** What was found on a site: the basis for mapping, and the `config_json` of the spec. Refreshed by `updateStructure`. */
export interface SiteStructure {
  readonly contentTypes: readonly ContentTypeInfo[]
  readonly taxonomies: readonly TaxonomyInfo[]
  /** The platform's own status names that a read must ask for so that nothing is missed. */
  readonly statuses: readonly string[]
  /** IANA zone, or a fixed offset like `+05:30` where the site has no named zone. */
  readonly timezone: string
  /** Version of the platform's software, where it tells. */
  readonly platformVersion: string | null
  /** Root of the platform's API, as discovered. */
  readonly apiRoot: string
  /** What the credential may do, by the platform's own names. */
  readonly capabilities: readonly string[]
  /** The platform's extensions that matter to sync (namespaces of the REST API on WordPress). */
  readonly extensions: readonly string[]
  /** Server clock minus ours when it was read, in milliseconds. */
  readonly clockSkewMs: number
  readonly readAt: string
}

/** One kind of content that a site holds. */
export interface ContentTypeInfo {
  /** Our name and the spec's: `post`, `page`, `product`, or the platform's own. */
  readonly type: string
  readonly label: string
  /** Path segment or resource name in the platform's API. */
  readonly resource: string
  readonly hierarchical: boolean
  /** Taxonomies (by `TaxonomyInfo.type`) that apply to it. */
  readonly taxonomies: readonly string[]
  readonly supportsFeaturedImage: boolean
  readonly supportsExcerpt: boolean
  /** Items in all statuses but trash; `null` where the platform does not tell. */
  readonly count: number | null
}

/** One classification that a site holds. */
export interface TaxonomyInfo {
  /** `category`, `tag`, or the platform's own name. */
  readonly type: string
  readonly label: string
  readonly resource: string
  readonly hierarchical: boolean
}
