import type { FakeSite } from './fake-site.ts'
import { removeAccents } from './sanitize-title.ts'
import type { PostRow } from './site-state.ts'

/** WordPress's `WP_Query`, as far as collections of the REST API use it. */
export interface PostQuery {
  readonly statuses: readonly string[]
  readonly include: readonly number[]
  readonly exclude: readonly number[]
  readonly slugs: readonly string[] | undefined
  /** Compared with the columns of the site's local time. */
  readonly dates: readonly DateLimit[]
  readonly search: string | undefined
  readonly authors: readonly number[]
  readonly authorsExcluded: readonly number[]
  readonly parents: readonly number[] | undefined
  readonly parentsExcluded: readonly number[]
  readonly terms: readonly TermLimit[]
  readonly orderBy: string
  readonly isAscending: boolean
  readonly offset: number
  readonly limit: number
}

export interface DateLimit {
  readonly column: 'date' | 'modified'
  readonly side: 'after' | 'before'
  readonly value: string
}

export interface TermLimit {
  readonly taxonomy: string
  readonly ids: readonly number[]
  readonly isExcluded: boolean
}

export interface PostPage<Row> {
  readonly rows: readonly Row[]
  /** 0 where the page is past the end: WordPress counts only what it found something of. */
  readonly found: number
  readonly total: number
}

const hiddenFromAny = ['trash', 'auto-draft']

export function queryPosts<Row extends PostRow>(
  site: FakeSite,
  candidates: Iterable<Row>,
  type: string,
  query: PostQuery,
): PostPage<Row> {
  const accepts = createFilter(type, query)
  const matching: Row[] = []
  for (const row of candidates) if (accepts(row)) matching.push(row)
  sortPosts(site, matching, query)
  const rows = matching.slice(query.offset, query.offset + query.limit)
  return { rows, found: rows.length === 0 ? 0 : matching.length, total: matching.length }
}

function createFilter(type: string, query: PostQuery): (row: PostRow) => boolean {
  const hasStatus = createStatusFilter(query.statuses)
  const include = query.include.length > 0 ? new Set(query.include) : null
  // WordPress looks at one of the two only.
  const exclude = include === null && query.exclude.length > 0 ? new Set(query.exclude) : null
  const slugs = query.slugs === undefined ? null : new Set(query.slugs)
  const words =
    query.search
      ?.toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '') ?? []
  return (row) => {
    if (row.type !== type || !hasStatus(row.status)) return false
    if (include !== null && !include.has(row.id)) return false
    if (exclude?.has(row.id) === true) return false
    if (slugs !== null && !slugs.has(row.slug)) return false
    for (const limit of query.dates) {
      const value = row[limit.column]
      if (limit.side === 'after' ? value <= limit.value : value >= limit.value) return false
    }
    return hasRelations(row, query) && words.every((word) => holdsWord(row, word))
  }
}

function createStatusFilter(statuses: readonly string[]): (status: string) => boolean {
  if (!statuses.includes('any')) {
    const wanted = new Set(statuses)
    return (status) => wanted.has(status)
  }
  const hidden = new Set(hiddenFromAny.filter((status) => !statuses.includes(status)))
  return (status) => !hidden.has(status)
}

function hasRelations(row: PostRow, query: PostQuery): boolean {
  if (query.authors.length > 0 && !query.authors.includes(row.authorId)) return false
  if (query.authorsExcluded.includes(row.authorId)) return false
  if (query.parents !== undefined && query.parents.length > 0 && !query.parents.includes(row.parentId)) return false
  if (query.parentsExcluded.includes(row.parentId)) return false
  return query.terms.every(({ taxonomy, ids, isExcluded }) => {
    const isIn = row.terms[taxonomy]?.some((id) => ids.includes(id)) ?? false
    return isIn !== isExcluded
  })
}

function holdsWord(row: PostRow, word: string): boolean {
  return [row.title, row.excerpt, row.content].some((text) => text.toLowerCase().includes(word))
}

function sortPosts(site: FakeSite, rows: PostRow[], query: PostQuery): void {
  const direction = query.isAscending ? 1 : -1
  const compare = comparatorOf(query)
  const areTiesStable = site.configuration.ties === 'stable'
  // MariaDB sorts only as far as the page reaches, so that the order of equal rows depends on the page.
  const reach = query.offset + query.limit
  rows.sort(
    (one, other) =>
      direction * compare(one, other) ||
      (areTiesStable ? one.id - other.id : scatter(one.id, reach) - scatter(other.id, reach)),
  )
}

function comparatorOf(query: PostQuery): (one: PostRow, other: PostRow) => number {
  switch (query.orderBy) {
    case 'id':
      return (one, other) => one.id - other.id
    case 'modified':
      return (one, other) => compareText(one.modified, other.modified)
    case 'slug':
      return (one, other) => compareText(one.slug, other.slug)
    case 'title':
      return (one, other) => compareText(fold(one.title), fold(other.title))
    case 'author':
      return (one, other) => one.authorId - other.authorId
    case 'parent':
      return (one, other) => one.parentId - other.parentId
    case 'menu_order':
      return (one, other) => one.menuOrder - other.menuOrder
    case 'include': {
      // `FIELD()` knows no direction of its own.
      const place = new Map(query.include.map((id, index) => [id, query.isAscending ? index : -index]))
      return (one, other) => (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0)
    }
    case 'include_slugs': {
      const place = new Map(query.slugs?.map((slug, index) => [slug, query.isAscending ? index : -index]))
      return (one, other) => (place.get(one.slug) ?? 0) - (place.get(other.slug) ?? 0)
    }
    default:
      return (one, other) => compareText(one.date, other.date)
  }
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** The database's collation looks at letters only. */
function fold(text: string): string {
  return removeAccents(text).toLowerCase()
}

/** A place for a row among equals that is the same for one page and another for the next. */
function scatter(id: number, reach: number): number {
  let hash = Math.imul(id ^ Math.imul(reach, 0x9e3779b1), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35)
  return (hash ^ (hash >>> 13)) >>> 0
}
