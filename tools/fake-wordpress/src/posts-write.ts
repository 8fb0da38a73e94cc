import { type Arguments, checkValue, isObject } from './check-parameters.ts'
import type { ContentType } from './content-types.ts'
import type { FakeSite } from './fake-site.ts'
import { writeMeta } from './post-meta.ts'
import { hasField, renderPost } from './render-post.ts'
import { answer, fail, type RestAnswer, refusal } from './rest-answer.ts'
import { may, mayCreate, mayEdit, rightFor } from './rights.ts'
import { type Endpoint, idList, numberOf, numbersOf, type RouteCall, refusalStatus, textOf } from './route.ts'
import { sanitizeTitle } from './sanitize-title.ts'
import { insertPost, type PostChange, updatePost } from './save-post.ts'
import type { PostRow, UserRow } from './site-state.ts'
import { parseClientDate } from './site-time.ts'
import { uniquePostSlug } from './unique-slug.ts'

export function createCreateEndpoint(site: FakeSite, type: ContentType): Endpoint {
  return {
    schema: writeArguments(site, type),
    permission: (call) => mayNotCreate(type, call),
    run: (call) => createPost(type, call),
  }
}

export function createUpdateEndpoint(site: FakeSite, type: ContentType): Endpoint {
  return {
    schema: { id: { type: 'integer' }, ...writeArguments(site, type) },
    permission: (call) => mayNotUpdate(type, call),
    run: (call) => changePost(type, call),
  }
}

function mayNotCreate(type: ContentType, { parameters, user }: RouteCall): RestAnswer | null {
  if (parameters.id) return refusal(400, 'rest_post_exists', 'Cannot create existing post.')
  const mayNot = 'Sorry, you are not allowed to create posts as this user.'
  const author = parameters.author
  if (author && author !== (user?.id ?? 0) && !may(user, rightFor(type, 'edit_others_posts'))) {
    return refusal(refusalStatus(user), 'rest_cannot_edit_others', mayNot)
  }
  if (parameters.sticky === true && mayNotStick(type, user)) return refuseSticky(user)
  return mayCreate(user, type) ? null : refusal(refusalStatus(user), 'rest_cannot_create', mayNot)
}

function mayNotUpdate(type: ContentType, { site, parameters, user }: RouteCall): RestAnswer | null {
  const post = findPost(site, type, parameters.id)
  if (post === undefined) return invalidId()
  if (!mayEdit(user, type, post)) {
    return refusal(refusalStatus(user), 'rest_cannot_edit', 'Sorry, you are not allowed to edit this post.')
  }
  const author = parameters.author
  if (author && author !== user?.id && !may(user, rightFor(type, 'edit_others_posts'))) {
    const message = 'Sorry, you are not allowed to update posts as this user.'
    return refusal(refusalStatus(user), 'rest_cannot_edit_others', message)
  }
  const { sticky } = parameters
  if (sticky !== undefined && sticky !== post.sticky && mayNotStick(type, user)) return refuseSticky(user)
  return null
}

function mayNotStick(type: ContentType, user: UserRow | null): boolean {
  return !may(user, rightFor(type, 'edit_others_posts')) || !may(user, rightFor(type, 'publish_posts'))
}

function refuseSticky(user: UserRow | null): RestAnswer {
  const message = 'Sorry, you are not allowed to make posts sticky.'
  return refusal(refusalStatus(user), 'rest_cannot_assign_sticky', message)
}

export function findPost(site: FakeSite, type: ContentType, id: unknown): PostRow | undefined {
  const rows: ReadonlyMap<number, PostRow> = type.name === 'attachment' ? site.state.media : site.state.posts
  const post = rows.get(Number(id))
  return post?.type === type.name ? post : undefined
}

/** Also for posts of other types: a page asked for on the route of the posts does not exist. */
export function invalidId(): RestAnswer {
  return refusal(404, 'rest_post_invalid_id', 'Invalid post ID.')
}

function createPost(type: ContentType, call: RouteCall): RestAnswer {
  const { site, user } = call
  const change = readChange(type, call, null)
  const drafts = change.status === 'draft' || change.status === 'pending'
  const parentId = change.parentId ?? 0
  const slug =
    change.slug && drafts
      ? uniquePostSlug(site, { slug: change.slug, id: 0, status: 'publish', type: type.name, parentId })
      : change.slug
  const post = insertPost(site, user, type.name, slug === undefined ? change : { ...change, slug })
  const saved = saveRelations(type, call, post)
  const location = `${site.state.settings.url}/wp-json/wp/v2/${type.restBase}/${saved.id}`
  return render(type, call, saved, { status: 201, headers: { location } })
}

function changePost(type: ContentType, call: RouteCall): RestAnswer {
  const { site, user, parameters } = call
  const before = findPost(site, type, parameters.id)
  if (before === undefined) return invalidId()
  const change = readChange(type, call, before)
  const status = change.status ?? before.status
  const parentId = change.parentId ?? 0
  const slug =
    change.slug && (status === 'draft' || status === 'pending')
      ? uniquePostSlug(site, { slug: change.slug, id: before.id, status: 'publish', type: type.name, parentId })
      : change.slug
  const post = updatePost(site, user, before, slug === undefined ? change : { ...change, slug })
  return render(type, call, saveRelations(type, call, post))
}

function render(
  type: ContentType,
  { site, parameters, fields }: RouteCall,
  post: PostRow,
  more: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): RestAnswer {
  parameters.context = 'edit'
  return answer(renderPost(site, post, { type, context: 'edit', fields }), more.headers, more.status)
}

/** What follows once the post itself is stored: a failure from here on leaves it stored. */
function saveRelations(type: ContentType, call: RouteCall, post: PostRow): PostRow {
  const { site, parameters, user } = call
  let saved = post
  if (parameters.sticky !== undefined && type.name === 'post') saved = { ...saved, sticky: parameters.sticky === true }
  if (parameters.featured_media !== undefined) {
    const id = numberOf(parameters, 'featured_media')
    // Unknown ids are passed over.
    if (id === 0 || site.state.media.has(id)) saved = { ...saved, featuredMediaId: id }
  }
  const format = textOf(parameters, 'format')
  if (format !== undefined && type.name === 'post') saved = { ...saved, format }
  for (const name of type.taxonomies) {
    const base = site.taxonomies.get(name)?.restBase ?? name
    if (parameters[base] === undefined) continue
    const known = numbersOf(parameters, base).filter((id) => site.state.terms.get(id)?.taxonomy === name)
    saved = { ...saved, terms: { ...saved.terms, [name]: [...new Set(known)] } }
  }
  site.state.posts.set(saved.id, saved)
  if (parameters.meta === undefined || !type.supports.includes('custom-fields')) return saved
  return writeMeta(site, { type, post: saved, sent: parameters.meta, user })
}

function readChange(type: ContentType, { site, parameters, user }: RouteCall, before: PostRow | null): PostChange {
  const change: { -readonly [Name in keyof PostChange]: PostChange[Name] } = {}
  const title = textField(parameters.title, true)
  if (title !== undefined) change.title = title
  const content = textField(parameters.content)
  if (content !== undefined) change.content = content
  const excerpt = hasField(type, 'excerpt') ? textField(parameters.excerpt) : undefined
  if (excerpt !== undefined) change.excerpt = excerpt
  const status = textOf(parameters, 'status')
  if (status !== undefined && status !== before?.status) change.status = allowStatus(site, type, { status, user })
  const date = readDate(site, parameters, before)
  if (date !== undefined) change.date = date
  if (typeof parameters.slug === 'string') change.slug = parameters.slug
  if (parameters.author && hasField(type, 'author')) change.authorId = readAuthor(site, numberOf(parameters, 'author'))
  if (typeof parameters.password === 'string') change.password = parameters.password
  if (parameters.parent !== undefined && type.hierarchical) change.parentId = readParent(site, parameters.parent)
  if (parameters.menu_order !== undefined) change.menuOrder = numberOf(parameters, 'menu_order')
  if (textOf(parameters, 'comment_status')) change.commentStatus = textOf(parameters, 'comment_status') ?? 'open'
  if (textOf(parameters, 'ping_status')) change.pingStatus = textOf(parameters, 'ping_status') ?? 'open'
  return change
}

/** Text, or an object with it as `raw`; anything else is passed over without a word. */
function textField(value: unknown, isTitle = false): string | undefined {
  if (typeof value === 'string') return value
  if (!isObject(value) || typeof value.raw !== 'string') return undefined
  return isTitle && value.raw === '' ? undefined : value.raw
}

function allowStatus(
  site: FakeSite,
  type: ContentType,
  { status, user }: { readonly status: string; readonly user: UserRow | null },
): string {
  const isPrivate = status === 'private'
  if ((isPrivate || status === 'publish' || status === 'future') && !may(user, rightFor(type, 'publish_posts'))) {
    const what = isPrivate ? 'create private posts' : 'publish posts'
    fail(refusalStatus(user), 'rest_cannot_publish', `Sorry, you are not allowed to ${what} in this post type.`)
  }
  return site.statuses.has(status) ? status : 'draft'
}

function readDate(site: FakeSite, parameters: RouteCall['parameters'], before: PostRow | null): PostChange['date'] {
  if (parameters.date_gmt === null || parameters.date === null) return null
  const local = textOf(parameters, 'date')
  if (local) {
    const parsed = parseClientDate(local, site.time)
    return parsed === null || parsed.local === before?.date ? undefined : parsed
  }
  const gmt = textOf(parameters, 'date_gmt')
  if (!gmt) return undefined
  const parsed = parseClientDate(/(?:Z|[+-]\d{2}(?::\d{2})?)$/.test(gmt) ? gmt : `${gmt}Z`, site.time)
  return parsed === null || parsed.gmt === before?.dateGmt ? undefined : parsed
}

function readAuthor(site: FakeSite, id: number): number {
  if (!site.state.users.has(id)) fail(400, 'rest_invalid_author', 'Invalid author ID.')
  return id
}

function readParent(site: FakeSite, value: unknown): number {
  const id = Number(value)
  if (id !== 0 && !site.state.posts.has(id)) fail(400, 'rest_post_invalid_id', 'Invalid post parent ID.')
  return id
}

function writeArguments(site: FakeSite, type: ContentType): Arguments {
  const text = { type: 'string', first: true } as const
  const date = { ...text, isDate: true, mayBeNull: true } as const
  const number = { type: 'integer', first: true } as const
  const statuses = [...site.statuses.values()].filter(({ kind }) => kind !== 'internal').map(({ name }) => name)
  return {
    date,
    date_gmt: date,
    slug: { ...text, read: (value) => sanitizeTitle(typeof value === 'string' ? value : '') },
    status: {
      ...text,
      check: (value, { parameters }) => {
        // The status that a post has may be sent back, whatever it is.
        if (findPost(site, type, parameters.id)?.status === value) return null
        return checkValue(value, { type: 'string', values: statuses }, 'status')
      },
    },
    password: text,
    ...(type.hierarchical ? { parent: number } : {}),
    ...(hasField(type, 'author') ? { author: number } : {}),
    featured_media: number,
    comment_status: { ...text, values: ['open', 'closed'] },
    ping_status: { ...text, values: ['open', 'closed'] },
    ...(type.supports.includes('page-attributes') ? { menu_order: number } : {}),
    ...(type.supports.includes('custom-fields')
      ? {
          meta: {
            type: 'any',
            first: true,
            check: (value) => (typeof value === 'object' ? null : { message: 'Invalid parameter.' }),
          } as const,
        }
      : {}),
    ...(type.name === 'post' ? { sticky: { type: 'boolean', first: true } as const } : {}),
    ...Object.fromEntries(
      type.taxonomies.map((name) => [site.taxonomies.get(name)?.restBase ?? name, { ...idList, first: true }]),
    ),
  }
}
