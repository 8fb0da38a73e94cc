import type { FakeSite } from './fake-site.ts'
import { fail } from './rest-answer.ts'
import { may } from './rights.ts'
import { sanitizeHtml } from './sanitize-html.ts'
import { sanitizeTitle, truncateSlug } from './sanitize-title.ts'
import { saveRevision } from './save-revision.ts'
import { type PostRow, type UserRow, zeroDate } from './site-state.ts'
import { parseColumn } from './site-time.ts'
import { uniquePostSlug } from './unique-slug.ts'

/** What a save may set; everything else stays. */
export type PostChange = Partial<
  Pick<
    PostRow,
    | 'title'
    | 'content'
    | 'excerpt'
    | 'status'
    | 'slug'
    | 'authorId'
    | 'parentId'
    | 'menuOrder'
    | 'password'
    | 'commentStatus'
    | 'pingStatus'
  >
> & {
  /** `null` lets it float again. */
  readonly date?: { readonly local: string; readonly gmt: string } | null
}

const slugless = new Set(['draft', 'pending', 'auto-draft'])

/** WordPress's `wp_insert_post` for a new post. */
export function insertPost(site: FakeSite, user: UserRow | null, type: string, change: PostChange): PostRow {
  const now = site.time.nowLocal()
  const blank: PostRow = {
    id: 0,
    type,
    status: 'draft',
    slug: '',
    title: '',
    content: '',
    excerpt: '',
    authorId: user?.id ?? 0,
    parentId: 0,
    menuOrder: 0,
    date: now,
    dateGmt: zeroDate,
    modified: now,
    modifiedGmt: zeroDate,
    password: '',
    commentStatus: type === 'post' ? 'open' : 'closed',
    pingStatus: type === 'post' ? 'open' : 'closed',
    template: '',
    format: 'standard',
    sticky: false,
    guid: '',
    featuredMediaId: 0,
    terms: {},
    meta: {},
    trashed: null,
  }
  return store(site, user, { before: null, row: blank, change })
}

/** WordPress's `wp_update_post`: the modified time moves on even where nothing changes. */
export function updatePost(site: FakeSite, user: UserRow | null, before: PostRow, change: PostChange): PostRow {
  return store(site, user, { before, row: before, change })
}

interface Save {
  readonly before: PostRow | null
  readonly row: PostRow
  readonly change: PostChange
}

function store(site: FakeSite, user: UserRow | null, save: Save): PostRow {
  const { before } = save
  const { date: _date, ...fields } = save.change
  const row = sanitize(user, { ...save.row, ...fields, parentId: withoutLoop(site, save) })
  if (row.title === '' && row.content === '' && row.excerpt === '' && mayNotBeEmpty(site, row.type)) {
    fail(400, 'empty_content', 'Content, title, and excerpt are empty.')
  }
  const dates = dateOf(site, save, row.status)
  const status = settleStatus(site, row.status, dates.dateGmt)
  const id = before?.id ?? site.state.nextPostId++
  const { slug, trashed } = slugOf(site, user, { before, row: { ...row, id }, status })
  const isPost = row.type === 'post' && row.status !== 'auto-draft'
  const saved: PostRow = {
    ...row,
    ...dates,
    id,
    status,
    slug,
    trashed,
    sticky: row.sticky && status !== 'trash',
    password: status === 'private' ? '' : row.password,
    guid: before === null ? `${site.state.settings.url}/?p=${id}` : row.guid,
    terms: isPost ? withDefaultCategory(site, row) : row.terms,
  }
  site.state.posts.set(id, saved)
  if (status === 'future' && saved.dateGmt < site.state.nextDueGmt) site.state.nextDueGmt = saved.dateGmt
  if (before !== null) saveRevision(site, user, saved)
  return saved
}

/** Nothing is its own ancestor. */
function withoutLoop(site: FakeSite, { before, change, row }: Save): number {
  const parentId = change.parentId ?? row.parentId
  if (before === null) return parentId
  for (let id = parentId; id !== 0; id = site.state.posts.get(id)?.parentId ?? 0) if (id === before.id) return 0
  return parentId
}

function sanitize(user: UserRow | null, row: PostRow): PostRow {
  const title = row.title.trim()
  if (may(user, 'unfiltered_html')) return title === row.title ? row : { ...row, title }
  return {
    ...row,
    title: sanitizeHtml(title, 'title').trim(),
    content: sanitizeHtml(row.content, 'body'),
    excerpt: sanitizeHtml(row.excerpt, 'body'),
  }
}

function mayNotBeEmpty(site: FakeSite, type: string): boolean {
  const supports = site.types.get(type)?.supports ?? []
  return supports.includes('editor') && supports.includes('title') && supports.includes('excerpt')
}

type Dates = Pick<PostRow, 'date' | 'dateGmt' | 'modified' | 'modifiedGmt'>

/** A new post has the modified time of its own date, even in the past or the future; a change has that of now. */
function dateOf(site: FakeSite, { before, change }: Save, status: string): Dates {
  const { time } = site
  const floats = site.statuses.get(status)?.floats ?? false
  let date = change.date?.local ?? before?.date ?? ''
  let dateGmt = change.date?.gmt ?? (change.date === null ? '' : (before?.dateGmt ?? ''))
  const floated = before !== null && slugless.has(before.status) && before.dateGmt === zeroDate
  if (change.date === null || date === '' || (floated && change.date === undefined)) {
    date = time.nowLocal()
    dateGmt = ''
  }
  if (dateGmt === '' || dateGmt === zeroDate) dateGmt = floats ? zeroDate : time.gmtFromLocal(date)
  if (before === null) return { date, dateGmt, modified: date, modifiedGmt: dateGmt }
  return { date, dateGmt, modified: time.nowLocal(), modifiedGmt: time.nowGmt() }
}

/** Less than a minute ahead is now. */
function settleStatus(site: FakeSite, status: string, dateGmt: string): string {
  if (status !== 'publish' && status !== 'future') return status
  return parseColumn(dateGmt) - parseColumn(site.time.nowGmt()) >= 60_000 ? 'future' : 'publish'
}

interface SlugInput {
  readonly before: PostRow | null
  readonly row: PostRow
  readonly status: string
}

function slugOf(
  site: FakeSite,
  user: UserRow | null,
  { before, row, status }: SlugInput,
): Pick<PostRow, 'slug' | 'trashed'> {
  const { id, type, parentId } = row
  let { trashed } = row
  let slug = row.slug
  if (row.status === 'pending' && !may(user, type === 'page' ? 'publish_pages' : 'publish_posts')) slug = ''
  if (slug !== '') slug = before?.slug === slug ? slug : sanitizeTitle(slug)
  else if (!slugless.has(row.status)) slug = sanitizeTitle(row.title)
  if (before?.status === 'trash' && status !== 'trash') {
    if (trashed !== null && trashed.slug !== '') slug = trashed.slug
    trashed = null
  }
  if (before !== null && before.status !== 'trash' && status === 'trash') {
    const isMarked = before.slug.endsWith('__trashed')
    slug = isMarked ? before.slug : `${truncateSlug(before.slug, 191)}__trashed`
    trashed = { status: before.status, slug: isMarked ? '' : before.slug }
  }
  slug = uniquePostSlug(site, { slug, id, status, type, parentId })
  if (slug === '' && !slugless.has(status)) {
    slug = uniquePostSlug(site, { slug: sanitizeTitle(row.title) || String(id), id, status, type, parentId })
  }
  return { slug, trashed }
}

/** Every save of a post without a category puts it into the default one. */
export function withDefaultCategory(site: FakeSite, row: PostRow): PostRow['terms'] {
  if ((row.terms.category?.length ?? 0) > 0) return row.terms
  return { ...row.terms, category: [site.state.settings.defaultCategoryId] }
}
