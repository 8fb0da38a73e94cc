import { type Argument, type Arguments, asList, checkValue, type ParameterProblem } from './check-parameters.ts'
import type { ContentType } from './content-types.ts'
import type { FakeSite } from './fake-site.ts'
import { type DateLimit, type PostQuery, queryPosts } from './query-posts.ts'
import { renderPost } from './render-post.ts'
import { answer, type RestAnswer, refusal } from './rest-answer.ts'
import { may, mayEdit, mayRead, rightFor } from './rights.ts'
import {
  type Endpoint,
  idList,
  numberOf,
  numbersOf,
  pageArguments,
  type RouteCall,
  refusalStatus,
  textOf,
} from './route.ts'
import { sanitizeTitle } from './sanitize-title.ts'
import type { PostRow, UserRow } from './site-state.ts'
import { parseClientDate } from './site-time.ts'

const dateFilters = ['after', 'modified_after', 'before', 'modified_before'] as const
const orders = 'author date id include modified parent relevance slug include_slugs title'.split(' ')

/** The collection of a content type. */
export function createListEndpoint(site: FakeSite, type: ContentType): Endpoint {
  return {
    schema: listArguments(site, type),
    permission: ({ parameters, user }) =>
      parameters.context === 'edit' && !may(user, rightFor(type, 'edit_posts'))
        ? refusal(
            refusalStatus(user),
            'rest_forbidden_context',
            'Sorry, you are not allowed to edit posts in this post type.',
          )
        : null,
    run: (call) => listPosts(type, call),
  }
}

function listPosts(type: ContentType, call: RouteCall): RestAnswer {
  const { site, parameters, user, fields } = call
  const limit = numberOf(parameters, 'per_page')
  const page = numberOf(parameters, 'page')
  const hasOffset = parameters.offset !== undefined
  const offset = hasOffset ? Math.abs(numberOf(parameters, 'offset')) : (page - 1) * limit
  const query = buildQuery(site, type, { call, offset, limit })
  if (query.orderBy === 'include' && query.include.length === 0) {
    return refusal(
      400,
      'rest_orderby_include_missing_include',
      'You need to define an include parameter to order by include.',
    )
  }
  const rows: Iterable<PostRow> = type.name === 'attachment' ? site.state.media.values() : site.state.posts.values()
  const result = queryPosts(site, rows, type.name, query)
  // Past the end by page number WordPress counts again, by offset it does not.
  const total = result.found === 0 && page > 1 && !hasOffset ? result.total : result.found
  const pages = Math.ceil(total / limit)
  if (page > pages && total > 0) {
    return refusal(
      400,
      'rest_post_invalid_page_number',
      'The page number requested is larger than the number of pages available.',
    )
  }
  const context = textOf(parameters, 'context') ?? 'view'
  const seen = result.rows.filter((row) => isShown(site, type, { row, user, isEdit: context === 'edit' }))
  const body = seen.map((row) => renderPost(site, row, { type, context, fields }))
  return answer(body, { 'x-wp-total': String(total), 'x-wp-totalpages': String(pages) })
}

/** Rows that the user may not see are left out, though they were counted. */
function isShown(
  site: FakeSite,
  type: ContentType,
  { row, user, isEdit }: { readonly row: PostRow; readonly user: UserRow | null; readonly isEdit: boolean },
): boolean {
  return isEdit ? mayEdit(user, type, row) : mayRead(user, type, row, site.statuses.get(row.status))
}

interface QueryInput {
  readonly call: RouteCall
  readonly offset: number
  readonly limit: number
}

function buildQuery(site: FakeSite, type: ContentType, { call, offset, limit }: QueryInput): PostQuery {
  const { parameters } = call
  const dates: DateLimit[] = []
  for (const name of dateFilters) {
    const parsed = parseClientDate(textOf(parameters, name) ?? '', site.time)
    if (parsed === null) continue
    const column = name.startsWith('modified') ? 'modified' : 'date'
    dates.push({ column, side: name.endsWith('after') ? 'after' : 'before', value: parsed.local })
  }
  const terms = type.taxonomies.flatMap((name) => {
    const base = site.taxonomies.get(name)?.restBase ?? name
    return [false, true].flatMap((isExcluded) => {
      const ids = numbersOf(parameters, isExcluded ? `${base}_exclude` : base)
      return ids.length === 0 ? [] : [{ taxonomy: name, ids, isExcluded }]
    })
  })
  return {
    statuses: (parameters.status as readonly string[]) ?? [],
    include: numbersOf(parameters, 'include').map(Math.abs),
    exclude: numbersOf(parameters, 'exclude').map(Math.abs),
    slugs: asSlugs(parameters.slug),
    dates,
    search: textOf(parameters, 'search'),
    authors: numbersOf(parameters, 'author'),
    authorsExcluded: numbersOf(parameters, 'author_exclude'),
    parents: parameters.parent === undefined ? undefined : numbersOf(parameters, 'parent'),
    parentsExcluded: numbersOf(parameters, 'parent_exclude'),
    terms,
    orderBy: textOf(parameters, 'orderby') ?? 'date',
    isAscending: parameters.order === 'asc',
    offset,
    limit,
  }
}

/** An empty list is no filter. */
function asSlugs(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.length > 0 ? (value as readonly string[]) : undefined
}

function listArguments(site: FakeSite, type: ContentType): Arguments {
  const date = { type: 'string', isDate: true } as const
  const isMedia = type.name === 'attachment'
  const hasParent = type.hierarchical || isMedia
  const slugs: Argument = {
    type: 'array',
    items: { type: 'string' },
    read: (value) => [...new Set((asList(value) ?? []).map((slug) => sanitizeTitle(String(slug))))],
  }
  const status: Argument = {
    type: 'array',
    fallback: [isMedia ? 'inherit' : 'publish'],
    check: (value, { user }) => checkStatuses(site, type, { value, user }),
    read: (value) => (asList(value) ?? []).map(String),
  }
  return {
    ...pageArguments,
    after: date,
    modified_after: date,
    ...(type.supports.includes('author') ? { author: idList, author_exclude: idList } : {}),
    before: date,
    modified_before: date,
    exclude: { ...idList, fallback: [] },
    include: { ...idList, fallback: [] },
    offset: { type: 'integer' },
    order: { type: 'string', values: ['asc', 'desc'], fallback: 'desc' },
    orderby: {
      type: 'string',
      values: [...orders, ...(type.supports.includes('page-attributes') ? ['menu_order'] : [])],
      fallback: 'date',
    },
    ...(hasParent ? { parent: idList, parent_exclude: idList } : {}),
    slug: slugs,
    status,
    ...Object.fromEntries(
      type.taxonomies.flatMap((name) => {
        const base = site.taxonomies.get(name)?.restBase ?? name
        return [
          [base, idList],
          [`${base}_exclude`, idList],
        ]
      }),
    ),
  }
}

/** Others than published ones are for those who may edit; a status that nobody registered is refused. */
function checkStatuses(
  site: FakeSite,
  type: ContentType,
  { value, user }: { readonly value: unknown; readonly user: UserRow | null },
): ParameterProblem | null {
  const isMedia = type.name === 'attachment'
  const values = isMedia ? ['inherit', 'private', 'trash'] : [...site.statuses.keys(), 'any']
  const mayEditAny = may(user, rightFor(type, 'edit_posts'))
  for (const status of (asList(value) ?? []).map(String)) {
    if (status === (isMedia ? 'inherit' : 'publish')) continue
    if (!mayEditAny && !(status === 'private' && may(user, rightFor(type, 'read_private_posts')))) {
      return { code: 'rest_forbidden_status', message: 'Status is forbidden.', data: { status: refusalStatus(user) } }
    }
    const problem = checkValue([status], { type: 'array', items: { type: 'string', values } }, 'status')
    if (problem !== null) return problem
  }
  return null
}
