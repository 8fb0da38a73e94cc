import type { ContentType, PostStatus, Taxonomy } from './content-types.ts'
import type { PostRow, TermRow, UserRow } from './site-state.ts'

const subscriber = ['read', 'level_0']
const author = [
  ...['upload_files', 'edit_posts', 'edit_published_posts', 'publish_posts', 'read', 'level_2', 'level_1', 'level_0'],
  ...['delete_posts', 'delete_published_posts'],
]
const editor = [
  ...['moderate_comments', 'manage_categories', 'manage_links', 'upload_files', 'unfiltered_html', 'edit_posts'],
  ...['edit_others_posts', 'edit_published_posts', 'publish_posts', 'edit_pages', 'read'],
  ...[7, 6, 5, 4, 3, 2, 1, 0].map((level) => `level_${level}`),
  ...['edit_others_pages', 'edit_published_pages', 'publish_pages', 'delete_pages', 'delete_others_pages'],
  ...['delete_published_pages', 'delete_posts', 'delete_others_posts', 'delete_published_posts'],
  ...['delete_private_posts', 'edit_private_posts', 'read_private_posts', 'delete_private_pages'],
  ...['edit_private_pages', 'read_private_pages'],
]
const administrator = [
  ...['switch_themes', 'edit_themes', 'activate_plugins', 'edit_plugins', 'edit_users', 'edit_files'],
  ...['manage_options', 'import', 'level_10', 'level_9', 'level_8', ...editor, 'delete_users', 'create_users'],
  ...['unfiltered_upload', 'edit_dashboard', 'update_plugins', 'delete_plugins', 'install_plugins', 'update_themes'],
  ...['install_themes', 'update_core', 'list_users', 'remove_users', 'promote_users', 'edit_theme_options'],
  ...['delete_themes', 'export'],
]
const contributor = ['edit_posts', 'read', 'level_1', 'level_0', 'delete_posts']

const roles: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['administrator', new Set(administrator)],
  ['editor', new Set(editor)],
  ['author', new Set(author)],
  ['contributor', new Set(contributor)],
  ['subscriber', new Set(subscriber)],
])

/** What users of a role may do, as WordPress ships it. */
export function rightsOf(role: string): ReadonlySet<string> {
  return roles.get(role) ?? new Set()
}

export function may(user: UserRow | null, right: string): boolean {
  return user !== null && rightsOf(user.role).has(right)
}

/** The right that a type asks for: pages have rights of their own, other types those of posts. */
export function rightFor(type: ContentType, right: string): string {
  return type.rights === 'pages' ? right.replace(/posts$/, 'pages') : right
}

export function mayCreate(user: UserRow | null, type: ContentType): boolean {
  return may(user, type.name === 'attachment' ? 'upload_files' : rightFor(type, 'edit_posts'))
}

export function mayEdit(user: UserRow | null, type: ContentType, post: PostRow): boolean {
  return mayChange(user, type, post, 'edit')
}

export function mayDelete(user: UserRow | null, type: ContentType, post: PostRow): boolean {
  return mayChange(user, type, post, 'delete')
}

const published = new Set(['publish', 'future'])

function mayChange(user: UserRow | null, type: ContentType, post: PostRow, action: 'edit' | 'delete'): boolean {
  if (user === null) return false
  const has = (right: string) => may(user, rightFor(type, `${action}_${right}`))
  if (post.authorId === user.id) {
    const status = post.status === 'trash' ? (post.trashed?.status ?? '') : post.status
    return has(published.has(status) ? 'published_posts' : 'posts')
  }
  if (!has('others_posts')) return false
  if (published.has(post.status)) return has('published_posts')
  return post.status !== 'private' || has('private_posts')
}

/** Whether a visitor may read a post: published ones anybody, private ones by right, all others who may edit them. */
export function mayRead(
  user: UserRow | null,
  type: ContentType,
  post: PostRow,
  status: PostStatus | undefined,
): boolean {
  if (status?.kind === 'public' || post.status === 'inherit') return true
  if (user === null) return false
  if (post.authorId === user.id) return may(user, 'read')
  if (status?.kind === 'private') return may(user, rightFor(type, 'read_private_posts'))
  return mayEdit(user, type, post)
}

export function mayManageTerms(user: UserRow | null): boolean {
  return may(user, 'manage_categories')
}

/** Tags may be made by whoever may set them, categories only by those who manage them. */
export function mayCreateTerm(user: UserRow | null, taxonomy: Taxonomy): boolean {
  return may(user, taxonomy.hierarchical ? 'manage_categories' : 'edit_posts')
}

export function mayDeleteTerm(user: UserRow | null, term: TermRow, defaultCategoryId: number): boolean {
  return mayManageTerms(user) && !(term.taxonomy === 'category' && term.id === defaultCategoryId)
}
