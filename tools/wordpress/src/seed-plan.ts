import { writeSeedContent, writeSeedExcerpt, writeSeedTitle } from './seed-content.ts'
import { createSeedRandom, type SeedRandom } from './seed-random.ts'

/** How much to put in, and what. */
export interface SeedOptions {
  /** @default 240 */
  posts?: number
  /** @default 30 */
  pages?: number
  /** Of the type `book`. @default 0 */
  books?: number
  /** Of the type `product`. @default 0 */
  products?: number
  /** How many posts share one second as their time of modification, as after an import. @default 40 */
  tied?: number
}

/** A term to create; its parent comes before it. */
export interface SeedTerm {
  taxonomy: string
  name: string
  /** Position of the parent in the plan's terms. */
  parent: number | null
}

/** A picture to paint and upload. */
export interface SeedMedia {
  fileName: string
  width: number
  height: number
  color: [number, number, number]
  title: string
  altText: string
}

/** A post to write; times are in seconds since 1970. */
export interface SeedPost {
  type: string
  status: 'publish' | 'draft' | 'pending' | 'private' | 'future' | 'trash'
  title: string
  /** Undefined: what WordPress makes of the title. Empty: none, as an unpublished draft has. */
  slug?: string
  content: string
  excerpt: string
  author: 'admin' | 'editor' | 'author'
  date: number
  modified: number
  /** A draft whose date follows the clock until it is published. */
  floating: boolean
  /** Position of the parent in the plan's posts. */
  parent: number | null
  /** Positions in the plan's terms. */
  terms: number[]
  /** Position in the plan's media. */
  thumbnail: number | null
}

/** Everything a seeded site gets. */
export interface SeedPlan {
  terms: SeedTerm[]
  media: SeedMedia[]
  posts: SeedPost[]
}

const day = 86_400

/** Plans a site: the same options give the same site, with times relative to `now` (seconds since 1970). */
export function planSeed(options: SeedOptions, now: number): SeedPlan {
  const random = createSeedRandom(20_261_101)
  const terms = [...planCategories('category', ['News', 'R&D', 'Travel “abroad”', 'مقالات']), ...planTags()]
  if (options.books) terms.push(...shift(planCategories('genre', ['Fiction', 'Crime & Mystery']), terms.length))
  if (options.products) {
    terms.push(...shift(planCategories('product_cat', ['Clothing', 'Home & Garden']), terms.length))
    terms.push(...['sale', 'new “in”', 'eco & fair'].map((name) => ({ taxonomy: 'product_tag', name, parent: null })))
  }
  const media = planMedia(random)
  const kinds: [type: string, count: number][] = [
    ['post', options.posts ?? 240],
    ['page', options.pages ?? 30],
    ['book', options.books ?? 0],
    ['product', options.products ?? 0],
  ]
  const posts: SeedPost[] = []
  for (const [type, count] of kinds) {
    const first = posts.length
    for (let number = 1; number <= count; number += 1) {
      const post = planPost({ random, type, number, now, terms, mediaCount: media.length })
      // Every third page hangs below the one before it, which makes chains of two and trees of three.
      if (type === 'page' && number > 1 && number % 3 !== 1) post.parent = first + number - 2
      posts.push(post)
    }
  }
  tie(posts, options.tied ?? 40, now - 40 * day)
  return { terms, media, posts }
}

/** Three levels, with the same names below different parents. */
function planCategories(taxonomy: string, tops: readonly string[]): SeedTerm[] {
  const terms: SeedTerm[] = []
  const add = (name: string, parent: number | null) => terms.push({ taxonomy, name, parent }) - 1
  for (const top of tops) {
    const parent = add(top, null)
    for (const name of ['Europe', 'Archive']) add('Details', add(name, parent))
  }
  return terms
}

function planTags(): SeedTerm[] {
  const names = ['C++ & C#', 'Q&A', '日本語', 'naïve “ideas”', 'عربي', 'UPPER and lower', 'a/b testing', '🚀 launch']
  while (names.length < 30) names.push(`topic ${names.length + 1}`)
  return names.map((name) => ({ taxonomy: 'post_tag', name, parent: null }))
}

function shift(terms: SeedTerm[], offset: number): SeedTerm[] {
  return terms.map((term) => ({ ...term, parent: term.parent === null ? null : term.parent + offset }))
}

function planMedia(random: SeedRandom): SeedMedia[] {
  return Array.from({ length: 12 }, (_, index) => ({
    fileName: `picture-${index + 1}.${index % 2 === 0 ? 'png' : 'jpg'}`,
    width: 320 + 40 * index,
    height: 240,
    color: [random.integer(0, 255), random.integer(0, 255), random.integer(0, 255)],
    title: `Picture ${index + 1} & “more”`,
    altText: index % 4 === 3 ? '' : `A picture, number ${index + 1} & more`,
  }))
}

function planPost(input: {
  random: SeedRandom
  type: string
  number: number
  now: number
  terms: readonly SeedTerm[]
  mediaCount: number
}): SeedPost {
  const { random, type, number, now, terms, mediaCount } = input
  const status = chooseStatus(number)
  const age = random.integer(3_600, 5 * 365 * day)
  const date = status === 'future' ? now + random.integer(1, 60) * day + number : now - age
  // Half were edited later; the rest still carry their own date, however long ago they were written.
  const modified = status !== 'future' && number % 2 === 0 ? date + random.integer(60, age - 60) : date
  return {
    type,
    status,
    title: writeSeedTitle(type, number),
    ...chooseSlug(status, type, number),
    content: writeSeedContent(random, mediaCount),
    excerpt: type === 'page' ? '' : writeSeedExcerpt(number),
    author: number % 10 === 4 ? 'author' : number % 5 === 2 ? 'editor' : 'admin',
    date,
    modified,
    floating: status === 'draft' || status === 'pending',
    parent: null,
    terms: chooseTerms(random, type, terms),
    thumbnail: number % 4 === 0 && mediaCount > 0 ? random.integer(0, mediaCount - 1) : null,
  }
}

function chooseStatus(number: number): SeedPost['status'] {
  if (number % 17 === 3) return 'draft'
  if (number % 23 === 5) return 'pending'
  if (number % 29 === 7) return 'private'
  if (number % 19 === 11) return 'future'
  if (number % 79 === 1 && number > 1) return 'trash'
  return 'publish'
}

function chooseSlug(status: SeedPost['status'], type: string, number: number): { slug?: string } {
  if (number % 41 === 9) return { slug: `${'long-slug-'.repeat(18)}${type}-${number}` }
  // One draft in two has been given an address already.
  const isUnnamed = status === 'pending' || (status === 'draft' && number % 2 === 0)
  return isUnnamed ? { slug: '' } : {}
}

function chooseTerms(random: SeedRandom, type: string, terms: readonly SeedTerm[]): number[] {
  const positions = (taxonomy: string) => terms.flatMap((term, index) => (term.taxonomy === taxonomy ? [index] : []))
  if (type === 'page') return []
  if (type === 'book') return random.sample(positions('genre'), random.integer(1, 2))
  const [categories, tags] = type === 'product' ? ['product_cat', 'product_tag'] : ['category', 'post_tag']
  const chosen = random.sample(positions(categories ?? ''), random.integer(1, 3))
  return [...chosen, ...random.sample(positions(tags ?? ''), random.integer(0, 4))]
}

/** Gives posts from the tenth on the same second; scheduled ones keep their own, which lies ahead. */
function tie(posts: SeedPost[], count: number, modified: number): void {
  const settled = posts.filter((post) => post.type === 'post' && post.status !== 'future' && post.status !== 'trash')
  const first = Math.max(0, Math.min(10, settled.length - count))
  for (const post of settled.slice(first, first + count)) {
    post.modified = modified
    post.date = Math.min(post.date, modified)
  }
}
