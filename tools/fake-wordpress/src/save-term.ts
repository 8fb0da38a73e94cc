import type { Taxonomy } from './content-types.ts'
import type { FakeSite } from './fake-site.ts'
import { fail, failWith } from './rest-answer.ts'
import { sanitizeHtml, sanitizeTermName } from './sanitize-html.ts'
import { sanitizeTitle } from './sanitize-title.ts'
import type { TermRow } from './site-state.ts'

export interface TermInput {
  readonly name: string
  readonly slug: string
  readonly description: string
  readonly parentId: number
}

/** WordPress's `wp_insert_term`: one name under one parent, unless a slug of its own comes with it. */
export function insertTerm(site: FakeSite, taxonomy: Taxonomy, input: TermInput): TermRow {
  const { state } = site
  if (input.name.trim() === '') throw nameless()
  const name = sanitizeTermName(input.name)
  if (name === '') throw nameless('invalid_term_name', 'Invalid term name.')
  const wantsSlug = input.slug !== ''
  const slug = wantsSlug ? input.slug : sanitizeTitle(name)
  const same = findByName(site, taxonomy, name, input.parentId)
  if (same !== undefined) {
    const existing = findExisting(site, taxonomy, { same, name, slug, wantsSlug, parentId: input.parentId })
    if (existing !== undefined) refuseDouble(taxonomy, existing)
  }
  const term: TermRow = {
    id: state.nextTermId++,
    taxonomy: taxonomy.name,
    name,
    slug: '',
    description: sanitizeDescription(input.description),
    parentId: input.parentId,
  }
  const row = {
    ...term,
    slug: uniqueTermSlug(site, taxonomy, { slug, id: 0, parentId: input.parentId }) || `${term.id}`,
  }
  state.terms.set(row.id, row)
  return row
}

/** WordPress's `wp_update_term`. */
export function updateTerm(site: FakeSite, taxonomy: Taxonomy, term: TermRow, change: Partial<TermInput>): TermRow {
  const name = change.name === undefined ? term.name : sanitizeTermName(change.name)
  if (name.trim() === '') throw nameless()
  const parentId = change.parentId ?? term.parentId
  const wanted = change.slug ?? term.slug
  let slug = wanted === '' ? sanitizeTitle(name) : wanted
  const other = findBySlug(site, taxonomy, slug)
  if (other !== undefined && other.id !== term.id) {
    if (wanted !== '' && parentId === term.parentId) {
      const message = `The slug &#8220;${slug}&#8221; is already in use by another term.`
      throw failWith({ status: 500, headers: {}, body: { code: 'duplicate_term_slug', message, data: null } })
    }
    slug = uniqueTermSlug(site, taxonomy, { slug, id: term.id, parentId })
  }
  const description = change.description === undefined ? term.description : sanitizeDescription(change.description)
  const row = { ...term, name, slug: slug || `${term.id}`, description, parentId }
  site.state.terms.set(row.id, row)
  return row
}

/** Deletes a term: its children move up, and posts that had only this category get the default one; none is modified by it. */
export function deleteTerm(site: FakeSite, term: TermRow): void {
  const { posts, terms, settings } = site.state
  terms.delete(term.id)
  for (const row of terms.values()) {
    if (row.taxonomy === term.taxonomy && row.parentId === term.id)
      terms.set(row.id, { ...row, parentId: term.parentId })
  }
  for (const post of posts.values()) {
    const ids = post.terms[term.taxonomy]
    if (ids?.includes(term.id) !== true) continue
    const left = ids.filter((id) => id !== term.id)
    const isBare = left.length === 0 && term.taxonomy === 'category'
    posts.set(post.id, {
      ...post,
      terms: { ...post.terms, [term.taxonomy]: isBare ? [settings.defaultCategoryId] : left },
    })
  }
}

function findByName(site: FakeSite, taxonomy: Taxonomy, name: string, parentId: number): TermRow | undefined {
  const folded = foldAscii(name)
  for (const term of site.state.terms.values()) {
    if (term.taxonomy === taxonomy.name && term.parentId === parentId && foldAscii(term.name) === folded) return term
  }
  return undefined
}

function findBySlug(site: FakeSite, taxonomy: Taxonomy, slug: string): TermRow | undefined {
  for (const term of site.state.terms.values()) if (term.taxonomy === taxonomy.name && term.slug === slug) return term
  return undefined
}

interface Double {
  readonly same: TermRow
  readonly name: string
  readonly slug: string
  readonly wantsSlug: boolean
  readonly parentId: number
}

function findExisting(site: FakeSite, taxonomy: Taxonomy, double: Double): TermRow | undefined {
  const { same, name, slug, wantsSlug, parentId } = double
  const bySlug = findBySlug(site, taxonomy, slug)
  if (wantsSlug && same.slug !== slug && bySlug === undefined) return undefined
  if (!taxonomy.hierarchical) return same
  const siblings = [...site.state.terms.values()].filter(
    (term) => term.taxonomy === taxonomy.name && term.parentId === parentId,
  )
  // In trees the case counts, unless the slug gives it away.
  if ((!wantsSlug || same.slug === slug) && siblings.some((term) => term.name === name)) return same
  return siblings.some((term) => term.slug === slug) ? bySlug : undefined
}

function refuseDouble(taxonomy: Taxonomy, existing: TermRow): never {
  const place = taxonomy.hierarchical ? 'with this parent' : 'in this taxonomy'
  throw failWith({
    status: 400,
    headers: {},
    body: {
      code: 'term_exists',
      message: `A term with the name provided already exists ${place}.`,
      data: { status: 400, term_id: existing.id },
      additional_data: [existing.id, existing.id],
    },
  })
}

/** WordPress names no status for these, which makes it 500. */
function nameless(code = 'empty_term_name', message = 'A name is required for this term.'): Error {
  return failWith({ status: 500, headers: {}, body: { code, message, data: null } })
}

/** Anybody's description loses what kses does not allow in comments. */
function sanitizeDescription(description: string): string {
  return sanitizeHtml(description, 'title')
}

interface SlugInput {
  readonly slug: string
  readonly id: number
  readonly parentId: number
}

/** WordPress's `wp_unique_term_slug`: a taken slug gets the parents' slugs first, then a number. */
function uniqueTermSlug(site: FakeSite, taxonomy: Taxonomy, { slug, id, parentId }: SlugInput): string {
  if (findBySlug(site, taxonomy, slug) === undefined) return slug
  const { terms } = site.state
  let suffix = ''
  for (let parent = terms.get(parentId); taxonomy.hierarchical && parent !== undefined; ) {
    suffix += `-${parent.slug}`
    if (!isTaken(site, `${slug}${suffix}`, 0)) break
    parent = parent.parentId === 0 ? undefined : terms.get(parent.parentId)
  }
  const base = `${slug}${suffix}`
  if (!isTaken(site, base, id)) return base
  for (let number = 2; ; number++) if (!isTaken(site, `${base}-${number}`, 0)) return `${base}-${number}`
}

/** Slugs of all taxonomies count. */
function isTaken(site: FakeSite, slug: string, exceptId: number): boolean {
  for (const term of site.state.terms.values()) if (term.slug === slug && term.id !== exceptId) return true
  return false
}

export function requireTerm(site: FakeSite, taxonomy: Taxonomy, id: number): TermRow {
  const term = site.state.terms.get(id)
  if (term === undefined || term.taxonomy !== taxonomy.name) fail(404, 'rest_term_invalid', 'Term does not exist.')
  return term
}

/** PHP folds A to Z only: `Café` and `CAFÉ` are two names. */
function foldAscii(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}
