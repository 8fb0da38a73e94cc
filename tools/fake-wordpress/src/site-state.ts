/** A row of the posts table, as the database has it. Rows are never changed in place, so that a snapshot is a copy of Maps. */
export interface PostRow {
  readonly id: number
  readonly type: string
  readonly status: string
  readonly slug: string
  readonly title: string
  readonly content: string
  readonly excerpt: string
  readonly authorId: number
  readonly parentId: number
  readonly menuOrder: number
  /** Of the site's zone, to the second: `2026-11-24 09:00:00`. The column that date filters compare with. */
  readonly date: string
  /** `0000-00-00 00:00:00` for drafts whose date floats. */
  readonly dateGmt: string
  /** Of the zone that the site had when it was written. */
  readonly modified: string
  readonly modifiedGmt: string
  readonly password: string
  readonly commentStatus: string
  readonly pingStatus: string
  readonly template: string
  readonly format: string
  readonly sticky: boolean
  readonly guid: string
  /** 0 without one. */
  readonly featuredMediaId: number
  /** Ids by taxonomy. */
  readonly terms: Readonly<Record<string, readonly number[]>>
  readonly meta: Readonly<Record<string, unknown>>
  /** What it was before it went to the trash, as WordPress keeps it in hidden meta. */
  readonly trashed: { readonly status: string; readonly slug: string } | null
}

/** An attachment: a post of its own table row, with a file. */
export interface MediaRow extends PostRow {
  readonly mimeType: string
  /** Under `wp-content/uploads/`. */
  readonly file: string
  readonly altText: string
  readonly bytes: Uint8Array
}

export interface RevisionRow {
  readonly id: number
  readonly postId: number
  readonly slug: string
  readonly authorId: number
  readonly title: string
  readonly content: string
  readonly excerpt: string
  readonly date: string
  readonly dateGmt: string
}

export interface TermRow {
  readonly id: number
  readonly taxonomy: string
  /** Escaped, as WordPress stores it: `R&amp;D`. */
  readonly name: string
  readonly slug: string
  readonly description: string
  /** 0 at the top. */
  readonly parentId: number
}

export interface UserRow {
  readonly id: number
  readonly login: string
  readonly name: string
  readonly email: string
  readonly role: string
  /** For wp-login.php; REST ignores it. */
  readonly password: string
  /** Without their spaces. */
  readonly applicationPasswords: readonly string[]
}

export interface SiteSettings {
  readonly url: string
  readonly name: string
  readonly description: string
  /** A zone by name, or an offset such as `+05:30`. */
  readonly timezone: string
  readonly permalinks: 'pretty' | 'plain'
  readonly defaultCategoryId: number
}

/** The database of a site: everything that a backup holds. */
export interface SiteState {
  settings: SiteSettings
  /** Of every content type, without media and revisions. */
  readonly posts: Map<number, PostRow>
  readonly media: Map<number, MediaRow>
  /** By the post's id, oldest first. */
  readonly revisions: Map<number, readonly RevisionRow[]>
  readonly terms: Map<number, TermRow>
  readonly users: Map<number, UserRow>
  /** Posts, media and revisions count together, as in the one table they share. */
  nextPostId: number
  nextTermId: number
  /** When the next scheduled post is due, so that a request need not look at all of them. */
  nextDueGmt: string
}

export const never = '9999-12-31 23:59:59'
export const zeroDate = '0000-00-00 00:00:00'

export function createState(settings: SiteSettings): SiteState {
  return {
    settings,
    posts: new Map(),
    media: new Map(),
    revisions: new Map(),
    terms: new Map(),
    users: new Map(),
    nextPostId: 1,
    nextTermId: 1,
    nextDueGmt: never,
  }
}

/** Puts the content of one state into another, whose Maps stay the same objects. */
export function replaceState(target: SiteState, source: SiteState): void {
  target.settings = source.settings
  target.nextPostId = source.nextPostId
  target.nextTermId = source.nextTermId
  target.nextDueGmt = source.nextDueGmt
  refill(target.posts, source.posts)
  refill(target.media, source.media)
  refill(target.revisions, source.revisions)
  refill(target.terms, source.terms)
  refill(target.users, source.users)
}

export function copyState(state: SiteState): SiteState {
  const copy = createState(state.settings)
  replaceState(copy, state)
  return copy
}

function refill<Row>(target: Map<number, Row>, source: ReadonlyMap<number, Row>): void {
  target.clear()
  for (const [id, row] of source) target.set(id, row)
}
