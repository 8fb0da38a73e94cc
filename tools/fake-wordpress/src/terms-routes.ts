import { type Arguments, asList } from './check-parameters.ts'
import type { Taxonomy } from './content-types.ts'
import type { FakeSite } from './fake-site.ts'
import { answer, type RestAnswer, refusal } from './rest-answer.ts'
import { mayCreateTerm, mayDeleteTerm, mayManageTerms } from './rights.ts'
import {
  contextArgument,
  type Endpoint,
  idList,
  numberOf,
  numbersOf,
  pageArguments,
  type RouteCall,
  refusalStatus,
  textOf,
} from './route.ts'
import { sanitizeTextField } from './sanitize-html.ts'
import { sanitizeTitle } from './sanitize-title.ts'
import { deleteTerm, insertTerm, updateTerm } from './save-term.ts'
import { wants } from './select-fields.ts'
import type { TermRow } from './site-state.ts'

export function createTermEndpoints(site: FakeSite, taxonomy: Taxonomy): Record<'list' | 'create', Endpoint> {
  return {
    list: {
      schema: listArguments(taxonomy),
      permission: ({ parameters, user }) =>
        parameters.context === 'edit' && !mayManageTerms(user)
          ? refusal(
              refusalStatus(user),
              'rest_forbidden_context',
              'Sorry, you are not allowed to edit terms in this taxonomy.',
            )
          : null,
      run: (call) => listTerms(taxonomy, call),
    },
    create: {
      schema: writeArguments(taxonomy, true),
      permission: ({ user }) =>
        mayCreateTerm(user, taxonomy)
          ? null
          : refusal(
              refusalStatus(user),
              'rest_cannot_create',
              'Sorry, you are not allowed to create terms in this taxonomy.',
            ),
      run: (call) => {
        const refused = refuseParent(site, taxonomy, call)
        if (refused !== null) return refused
        const { parameters } = call
        const term = insertTerm(site, taxonomy, {
          name: textOf(parameters, 'name') ?? '',
          slug: textOf(parameters, 'slug') ?? '',
          description: textOf(parameters, 'description') ?? '',
          parentId: numberOf(parameters, 'parent'),
        })
        parameters.context = 'edit'
        const location = `${site.state.settings.url}/wp-json/wp/v2/${taxonomy.restBase}/${term.id}`
        return answer(renderTerm(call, taxonomy, term), { location }, 201)
      },
    },
  }
}

export function createTermItemEndpoints(
  site: FakeSite,
  taxonomy: Taxonomy,
): Record<'read' | 'update' | 'remove', Endpoint> {
  const find = ({ parameters }: RouteCall) => {
    const term = site.state.terms.get(numberOf(parameters, 'id'))
    return term?.taxonomy === taxonomy.name ? term : undefined
  }
  const mayNot = (call: RouteCall, what: string, code: string, isAllowed: (term: TermRow) => boolean) => {
    const term = find(call)
    if (term === undefined) return invalidTerm()
    if (isAllowed(term)) return null
    return refusal(refusalStatus(call.user), code, `Sorry, you are not allowed to ${what} this term.`)
  }
  return {
    read: {
      schema: { id: { type: 'integer' }, context: contextArgument },
      permission: (call) =>
        mayNot(
          call,
          'edit',
          'rest_forbidden_context',
          () => call.parameters.context !== 'edit' || mayManageTerms(call.user),
        ),
      run: (call) => {
        const term = find(call)
        return term === undefined ? invalidTerm() : answer(renderTerm(call, taxonomy, term))
      },
    },
    update: {
      schema: { id: { type: 'integer' }, ...writeArguments(taxonomy, false) },
      permission: (call) => mayNot(call, 'edit', 'rest_cannot_update', () => mayManageTerms(call.user)),
      run: (call) => {
        const term = find(call)
        if (term === undefined) return invalidTerm()
        const refused = refuseParent(site, taxonomy, call)
        if (refused !== null) return refused
        const { parameters } = call
        const [name, slug] = [textOf(parameters, 'name'), textOf(parameters, 'slug')]
        const description = textOf(parameters, 'description')
        const updated = updateTerm(site, taxonomy, term, {
          ...(name === undefined ? {} : { name }),
          ...(slug === undefined ? {} : { slug }),
          ...(description === undefined ? {} : { description }),
          ...(parameters.parent === undefined ? {} : { parentId: numberOf(parameters, 'parent') }),
        })
        parameters.context = 'edit'
        return answer(renderTerm(call, taxonomy, updated))
      },
    },
    remove: {
      schema: { id: { type: 'integer' }, force: { type: 'boolean', fallback: false } },
      permission: (call) =>
        mayNot(call, 'delete', 'rest_cannot_delete', (term) =>
          mayDeleteTerm(call.user, term, site.state.settings.defaultCategoryId),
        ),
      run: (call) => {
        const term = find(call)
        if (term === undefined) return invalidTerm()
        if (call.parameters.force !== true) {
          const message = "Terms do not support trashing. Set 'force=true' to delete."
          return refusal(501, 'rest_trash_not_supported', message)
        }
        const previous = renderTerm(call, taxonomy, term)
        deleteTerm(site, term)
        return answer({ deleted: true, previous })
      },
    },
  }
}

function listTerms(taxonomy: Taxonomy, call: RouteCall): RestAnswer {
  const { site, parameters } = call
  const [include, exclude] = [numbersOf(parameters, 'include'), numbersOf(parameters, 'exclude')]
  const slugs = parameters.slug as readonly string[] | undefined
  const search = textOf(parameters, 'search')?.toLowerCase()
  const post = parameters.post === undefined ? undefined : site.state.posts.get(numberOf(parameters, 'post'))
  const rows = [...site.state.terms.values()].filter(
    (term) =>
      term.taxonomy === taxonomy.name &&
      (include.length === 0 || include.includes(term.id)) &&
      (include.length > 0 || !exclude.includes(term.id)) &&
      (slugs === undefined || slugs.length === 0 || slugs.includes(term.slug)) &&
      (parameters.parent === undefined || term.parentId === numberOf(parameters, 'parent')) &&
      (parameters.post === undefined || post?.terms[taxonomy.name]?.includes(term.id) === true) &&
      // What is looked for is escaped as the names are, before the database sees it.
      (!search || term.name.toLowerCase().includes(search) || term.slug.includes(search)) &&
      (parameters.hide_empty !== true || countPosts(site, term) > 0),
  )
  sortTerms(rows, parameters, include)
  const limit = numberOf(parameters, 'per_page')
  // Trees have no such parameter: WordPress passes over it without a word, and gives the first page again.
  const hasOffset = !taxonomy.hierarchical && Boolean(parameters.offset)
  const offset = hasOffset ? numberOf(parameters, 'offset') : (numberOf(parameters, 'page') - 1) * limit
  const body = rows.slice(offset, offset + limit).map((term) => renderTerm(call, taxonomy, term))
  const pages = Math.ceil(rows.length / limit)
  return answer(body, { 'x-wp-total': String(rows.length), 'x-wp-totalpages': String(pages) })
}

function sortTerms(rows: TermRow[], parameters: RouteCall['parameters'], include: readonly number[]): void {
  const direction = parameters.order === 'desc' ? -1 : 1
  const key = (term: TermRow): string | number => {
    if (parameters.orderby === 'id') return term.id
    if (parameters.orderby === 'slug') return term.slug
    if (parameters.orderby === 'description') return term.description
    if (parameters.orderby === 'include') return include.indexOf(term.id)
    return term.name.toLowerCase()
  }
  rows.sort((one, other) => {
    const [left, right] = [key(one), key(other)]
    return direction * (left < right ? -1 : left > right ? 1 : 0) || one.id - other.id
  })
}

function renderTerm({ site, fields, parameters }: RouteCall, taxonomy: Taxonomy, term: TermRow) {
  const isEmbed = parameters.context === 'embed'
  const { permalinks, url } = site.state.settings
  const path = { category: 'category', post_tag: 'tag', product_cat: 'product-category', product_tag: 'product-tag' }
  const base = path[taxonomy.name as keyof typeof path] ?? taxonomy.name
  const variable = { category: 'cat', post_tag: 'tag' }[taxonomy.name] ?? taxonomy.name
  const value = variable === 'cat' ? term.id : term.slug
  const link = permalinks === 'pretty' ? `${url}/${base}/${termPath(site, term)}/` : `${url}/?${variable}=${value}`
  const all: Record<string, unknown> = {
    description: term.description,
    link,
    name: term.name,
    slug: term.slug,
    taxonomy: term.taxonomy,
    ...(taxonomy.hierarchical ? { parent: term.parentId } : {}),
    meta: [],
  }
  const row: Record<string, unknown> = { id: term.id }
  if (!isEmbed && wants(fields, 'count')) row.count = countPosts(site, term)
  for (const name in all) {
    const isShown = !isEmbed || name === 'link' || name === 'name' || name === 'slug' || name === 'taxonomy'
    if (isShown && wants(fields, name)) row[name] = all[name]
  }
  return row
}

function termPath(site: FakeSite, term: TermRow): string {
  const parent = site.state.terms.get(term.parentId)
  return parent === undefined ? term.slug : `${termPath(site, parent)}/${term.slug}`
}

function countPosts(site: FakeSite, term: TermRow): number {
  let count = 0
  for (const post of site.state.posts.values()) {
    if (post.status === 'publish' && post.terms[term.taxonomy]?.includes(term.id) === true) count++
  }
  return count
}

function refuseParent(site: FakeSite, taxonomy: Taxonomy, { parameters }: RouteCall): RestAnswer | null {
  if (parameters.parent === undefined || parameters.parent === null) return null
  if (!taxonomy.hierarchical) {
    const message = 'Cannot set parent term, taxonomy is not hierarchical.'
    return refusal(400, 'rest_taxonomy_not_hierarchical', message)
  }
  const id = numberOf(parameters, 'parent')
  if (id === 0 || site.state.terms.get(id)?.taxonomy === taxonomy.name) return null
  return refusal(400, 'rest_term_invalid', 'Parent term does not exist.')
}

function invalidTerm(): RestAnswer {
  return refusal(404, 'rest_term_invalid', 'Term does not exist.')
}

function listArguments(taxonomy: Taxonomy): Arguments {
  return {
    ...pageArguments,
    exclude: { ...idList, fallback: [] },
    include: { ...idList, fallback: [] },
    ...(taxonomy.hierarchical ? {} : { offset: { type: 'integer' } as const }),
    order: { type: 'string', values: ['asc', 'desc'], fallback: 'asc' },
    orderby: {
      type: 'string',
      values: ['id', 'include', 'name', 'slug', 'include_slugs', 'term_group', 'description', 'count'],
      fallback: 'name',
    },
    hide_empty: { type: 'boolean', fallback: false },
    ...(taxonomy.hierarchical ? { parent: { type: 'integer' } as const } : {}),
    post: { type: 'integer' },
    slug: {
      type: 'array',
      items: { type: 'string' },
      read: (value) => (asList(value) ?? []).map((slug) => sanitizeTitle(String(slug))),
    },
  }
}

function writeArguments(taxonomy: Taxonomy, isNew: boolean): Arguments {
  const text = { type: 'string', first: true } as const
  return {
    description: text,
    name: { ...text, required: isNew, read: (value) => sanitizeTextField(String(value ?? '')) },
    slug: { ...text, read: (value) => sanitizeTitle(String(value ?? '')) },
    ...(taxonomy.hierarchical ? { parent: { type: 'integer', first: true } as const } : {}),
  }
}
