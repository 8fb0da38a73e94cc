import type { FakeSite } from './fake-site.ts'
import { insertPost } from './save-post.ts'
import { insertTerm } from './save-term.ts'

/** What an installation of WordPress brings. The default category is there in any case. */
export function addStarterContent(site: FakeSite, withPosts: boolean): void {
  const category = site.taxonomies.get('category')
  if (category !== undefined) {
    insertTerm(site, category, { name: 'Uncategorized', slug: 'uncategorized', description: '', parentId: 0 })
  }
  if (!withPosts) return
  const admin = site.state.users.get(1) ?? null
  const paragraph = (text: string) => `<!-- wp:paragraph -->\n<p>${text}</p>\n<!-- /wp:paragraph -->`
  const add = (type: string, title: string, text: string, status: string, slug: string) => {
    if (site.types.has(type)) insertPost(site, admin, type, { title, content: paragraph(text), status, slug })
  }
  const first = 'Welcome to WordPress. This is your first post. Edit or delete it, then start writing!'
  add('post', 'Hello world!', first, 'publish', 'hello-world')
  add('page', 'Sample Page', 'This is an example page.', 'publish', 'sample-page')
  add('page', 'Privacy Policy', 'Who we are.', 'draft', 'privacy-policy')
}
