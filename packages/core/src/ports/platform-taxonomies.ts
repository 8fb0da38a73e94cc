import type { CallOptions } from './call-options.ts'
import type { RemotePage } from './platform-pull.ts'

/** A category, a tag, or a term of a custom taxonomy, as the platform holds it. */
export interface RemoteTerm {
  readonly externalId: string
  /** Our taxonomy type: `category`, `tag`, or the platform's own. */
  readonly type: string
  /** Plain text: entities decoded. */
  readonly name: string
  readonly slug: string
  readonly description: string
  readonly parentExternalId: string | null
}

/** A term to create. What is left out the platform chooses. */
export interface TermWrite {
  readonly type: string
  readonly name: string
  readonly slug?: string
  readonly description?: string
  readonly parentExternalId?: string | null
}

/** Categories, tags and custom taxonomies. */
export interface PlatformTaxonomies {
  /** One page of the terms by ascending external id; pages count from 1, and one past the end is empty. */
  list(
    input: { readonly type: string; readonly page: number; readonly limit: number },
    options?: CallOptions,
  ): Promise<RemotePage<RemoteTerm>>
  /** Creates the term, or returns the one that stands there already (`adopted`), told apart by parent and name. */
  create(input: TermWrite, options?: CallOptions): Promise<{ readonly term: RemoteTerm; readonly adopted: boolean }>
  update(
    input: Partial<TermWrite> & { readonly type: string; readonly externalId: string },
    options?: CallOptions,
  ): Promise<RemoteTerm>
  /** Deletes for good; already gone is success. */
  delete(input: { readonly type: string; readonly externalId: string }, options?: CallOptions): Promise<void>
}
