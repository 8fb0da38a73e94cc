/** A content type as a theme or plugin registers it. */
export interface ContentType {
  readonly name: string
  readonly label: string
  readonly restBase: string
  readonly hierarchical: boolean
  readonly supports: readonly string[]
  readonly taxonomies: readonly string[]
  /** Plural name inside of its rights: `edit_posts`, `edit_pages`. */
  readonly rights: 'posts' | 'pages'
  /** In front of slugs: `/product/a/`. */
  readonly path: string
}

export interface Taxonomy {
  readonly name: string
  readonly label: string
  readonly restBase: string
  readonly hierarchical: boolean
  readonly types: readonly string[]
}

/** A status of posts; core's own, or one that a plugin registered. */
export interface PostStatus {
  readonly name: string
  readonly label: string
  /** Drafts have no date of their own until they are published. */
  readonly floats: boolean
  readonly kind: 'public' | 'private' | 'protected' | 'internal'
}

export interface MetaKey {
  readonly type: 'string' | 'integer' | 'number' | 'boolean'
  /** Whether users may write it. @default true */
  readonly writable?: boolean
}

const fullSupport = ['title', 'editor', 'excerpt', 'thumbnail', 'revisions']

export const postType: ContentType = {
  name: 'post',
  label: 'Posts',
  restBase: 'posts',
  hierarchical: false,
  supports: [
    'title',
    'editor',
    'author',
    'thumbnail',
    'excerpt',
    'trackbacks',
    'custom-fields',
    'comments',
    'revisions',
    'post-formats',
  ],
  taxonomies: ['category', 'post_tag'],
  rights: 'posts',
  path: '',
}

export const pageType: ContentType = {
  name: 'page',
  label: 'Pages',
  restBase: 'pages',
  hierarchical: true,
  supports: ['title', 'editor', 'author', 'thumbnail', 'page-attributes', 'custom-fields', 'comments', 'revisions'],
  taxonomies: [],
  rights: 'pages',
  path: '',
}

/** Attachments have routes of their own; their rows share the table of the posts. */
export const mediaType: ContentType = {
  name: 'attachment',
  label: 'Media',
  restBase: 'media',
  hierarchical: false,
  supports: ['title', 'author', 'comments'],
  taxonomies: [],
  rights: 'posts',
  path: '',
}

/** A type without rights of its own, as most plugins register theirs. */
export function customType(input: Pick<ContentType, 'name' | 'label'> & Partial<ContentType>): ContentType {
  return {
    restBase: input.name,
    hierarchical: false,
    supports: fullSupport,
    taxonomies: [],
    rights: 'posts',
    path: `${input.name}/`,
    ...input,
  }
}

/** The types of the site that tools/wordpress starts. */
export const standardTypes: readonly ContentType[] = [
  postType,
  pageType,
  customType({ name: 'book', label: 'Books', taxonomies: ['genre'] }),
  customType({ name: 'product', label: 'Products', taxonomies: ['product_cat', 'product_tag'] }),
]

const category = { name: 'category', label: 'Categories', restBase: 'categories', hierarchical: true, types: ['post'] }
const tag = { name: 'post_tag', label: 'Tags', restBase: 'tags', hierarchical: false, types: ['post'] }

export const standardTaxonomies: readonly Taxonomy[] = [
  category,
  tag,
  { name: 'genre', label: 'Genres', restBase: 'genre', hierarchical: true, types: ['book'] },
  {
    name: 'product_cat',
    label: 'Product categories',
    restBase: 'product_cat',
    hierarchical: true,
    types: ['product'],
  },
  { name: 'product_tag', label: 'Product tags', restBase: 'product_tag', hierarchical: false, types: ['product'] },
]

/** In the order in which WordPress registers them, which its messages repeat. */
export const standardStatuses: readonly PostStatus[] = [
  { name: 'publish', label: 'Published', floats: false, kind: 'public' },
  { name: 'future', label: 'Scheduled', floats: false, kind: 'protected' },
  { name: 'draft', label: 'Draft', floats: true, kind: 'protected' },
  { name: 'pending', label: 'Pending', floats: true, kind: 'protected' },
  { name: 'private', label: 'Private', floats: false, kind: 'private' },
  { name: 'trash', label: 'Trash', floats: false, kind: 'internal' },
  { name: 'auto-draft', label: 'auto-draft', floats: true, kind: 'internal' },
  { name: 'inherit', label: 'inherit', floats: false, kind: 'internal' },
  { name: 'request-pending', label: 'Pending', floats: false, kind: 'internal' },
  { name: 'request-confirmed', label: 'Confirmed', floats: false, kind: 'internal' },
  { name: 'request-failed', label: 'Failed', floats: false, kind: 'internal' },
  { name: 'request-completed', label: 'Completed', floats: false, kind: 'internal' },
]

/** WordPress's inner types, which the list of types names: they have no routes here. */
export const innerTypes: readonly { readonly name: string; readonly restBase: string; readonly right: string }[] = [
  { name: 'nav_menu_item', restBase: 'menu-items', right: 'edit_theme_options' },
  { name: 'wp_block', restBase: 'blocks', right: 'edit_posts' },
  { name: 'wp_template', restBase: 'templates', right: 'edit_theme_options' },
  { name: 'wp_template_part', restBase: 'template-parts', right: 'edit_theme_options' },
  { name: 'wp_global_styles', restBase: 'global-styles', right: 'edit_theme_options' },
  { name: 'wp_navigation', restBase: 'navigation', right: 'edit_theme_options' },
  { name: 'wp_font_family', restBase: 'font-families', right: 'edit_theme_options' },
  {
    name: 'wp_font_face',
    restBase: 'font-families/(?P<font_family_id>[\\d]+)/font-faces',
    right: 'edit_theme_options',
  },
]

export const innerTaxonomies: readonly Taxonomy[] = [
  { name: 'nav_menu', label: 'Navigation Menus', restBase: 'menus', hierarchical: false, types: ['nav_menu_item'] },
  {
    name: 'wp_pattern_category',
    label: 'Pattern Categories',
    restBase: 'wp_pattern_category',
    hierarchical: false,
    types: ['wp_block'],
  },
]
