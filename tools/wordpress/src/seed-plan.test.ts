import { expect, it } from 'vitest'
import { planSeed } from './seed-plan.ts'

const now = 1_790_000_000

it('plans the same site for the same options', () => {
  expect(planSeed({ posts: 50 }, now)).toEqual(planSeed({ posts: 50 }, now))
})

it('plans as many of each as asked for', () => {
  const { posts } = planSeed({ posts: 25, pages: 7, books: 4, products: 3 }, now)
  const count = (type: string) => posts.filter((post) => post.type === type).length
  expect([count('post'), count('page'), count('book'), count('product')]).toEqual([25, 7, 4, 3])
})

it('has every status, scheduled posts in the future and the rest in the past', () => {
  const { posts } = planSeed({}, now)
  const statuses = new Set(posts.map((post) => post.status))
  expect([...statuses].sort()).toEqual(['draft', 'future', 'pending', 'private', 'publish', 'trash'])
  for (const post of posts) {
    expect(post.date > now).toBe(post.status === 'future')
    expect(post.modified).toBeGreaterThanOrEqual(post.date)
  }
  expect(posts.filter((post) => post.status === 'trash').length).toBeGreaterThanOrEqual(3)
})

it('gives 40 posts, or as many as asked for, one second of modification', () => {
  const largestTie = (options: Parameters<typeof planSeed>[0]) => {
    const counts = new Map<number, number>()
    for (const { modified } of planSeed(options, now).posts) counts.set(modified, (counts.get(modified) ?? 0) + 1)
    return Math.max(...counts.values())
  }
  expect(largestTie({})).toBe(40)
  expect(largestTie({ posts: 2_000, tied: 1_500 })).toBe(1_500)
})

it('names the same category below several parents, three levels deep', () => {
  const categories = planSeed({}, now).terms.filter((term) => term.taxonomy === 'category')
  const europes = categories.filter((term) => term.name === 'Europe')
  expect(europes.length).toBeGreaterThan(1)
  expect(new Set(europes.map((term) => term.parent)).size).toBe(europes.length)
  const depth = (term: (typeof categories)[number] | undefined): number =>
    term === undefined ? 0 : 1 + depth(term.parent === null ? undefined : categories[term.parent])
  expect(Math.max(...categories.map(depth))).toBe(3)
})

it('refers only to terms, media and parents that come with it', () => {
  const { terms, media, posts } = planSeed({ books: 9, products: 9 }, now)
  const taxonomies: Record<string, string[]> = {
    post: ['category', 'post_tag'],
    page: [],
    book: ['genre'],
    product: ['product_cat', 'product_tag'],
  }
  posts.forEach((post, index) => {
    for (const term of post.terms) expect(taxonomies[post.type]).toContain(terms[term]?.taxonomy)
    if (post.thumbnail !== null) expect(media[post.thumbnail]).toBeDefined()
    if (post.parent !== null) expect(posts[post.parent]?.type).toBe('page')
    expect(post.parent ?? -1).toBeLessThan(index)
  })
  terms.forEach((term, index) => {
    if (term.parent === null) return
    expect(term.parent).toBeLessThan(index)
    expect(terms[term.parent]?.taxonomy).toBe(term.taxonomy)
  })
})
