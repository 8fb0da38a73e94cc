import type { CallOptions } from '@igny8/core'
import type { WordPressUser } from './prove-authentication.ts'
import type { SiteCatalogue } from './site-catalogue.ts'
import type { WordPressRest } from './wordpress-client.ts'

/** What the operations on one site share. */
export interface BoundSite {
  readonly rest: WordPressRest
  readonly catalogue: SiteCatalogue
  readonly maxPageSize: number
  proveAuthentication(options?: CallOptions): Promise<WordPressUser>
}
