import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { planSeed, type SeedOptions } from './seed-plan.ts'
import { phpSources } from './site-files.ts'
import type { RunningWordPress } from './start-wordpress.ts'

export type { SeedOptions } from './seed-plan.ts'

/** What was put in. */
export interface SeedReport {
  posts: number
  pages: number
  books: number
  products: number
  media: number
  categories: number
  tags: number
}

/**
 * Fills a site as people would: block markup, images, nested categories, tags; drafts, pending, private, scheduled,
 * backdated and trashed posts; many of one second; titles with quotes, ampersands, emoji and right-to-left scripts.
 *
 * The same for the same options, with times relative to now. Rows go straight into the tables, as an import's would, so
 * that 10,000 posts take seconds.
 */
export async function seedSite(
  wordpress: Pick<RunningWordPress, 'php'>,
  options: SeedOptions = {},
): Promise<SeedReport> {
  const plan = planSeed(options, Math.floor(Date.now() / 1_000))
  await wordpress.php(await readFile(join(phpSources, 'seed-site.php'), 'utf8'), plan)
  const countPosts = (type: string) => plan.posts.filter((post) => post.type === type).length
  const countTerms = (taxonomy: string) => plan.terms.filter((term) => term.taxonomy === taxonomy).length
  return {
    posts: countPosts('post'),
    pages: countPosts('page'),
    books: countPosts('book'),
    products: countPosts('product'),
    media: plan.media.length,
    categories: countTerms('category'),
    tags: countTerms('post_tag'),
  }
}
