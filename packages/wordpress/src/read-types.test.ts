import { describe, expect, it } from 'vitest'
import { cannedUrl, createCannedSite, recordedJson } from './canned-site.ts'
import { isInnerType, readTypes } from './read-types.ts'
import { createWordPressRest } from './wordpress-client.ts'

const { post, page, book } = recordedJson('types') as Readonly<Record<'post' | 'page' | 'book', object>>
const { category, post_tag, genre } = recordedJson('taxonomies') as Readonly<Record<string, { readonly slug: string }>>

/** What is read of a site that answers as given, and else as recorded. */
function read(answers: { readonly types?: object; readonly taxonomies?: object } = {}) {
  const { http, clock, connection } = createCannedSite({
    ...(answers.types === undefined ? {} : { 'GET /wp-json/wp/v2/types': { body: answers.types } }),
    ...(answers.taxonomies === undefined ? {} : { 'GET /wp-json/wp/v2/taxonomies': { body: answers.taxonomies } }),
  })
  const { credential } = connection
  return readTypes(createWordPressRest({ http, clock, credential, apiRoot: async () => `${cannedUrl}/wp-json/` }))
}

describe('readTypes', () => {
  it('reads what a recorded site holds, and nothing of WordPress’s own', async () => {
    const { contentTypes, taxonomies, statuses } = await read()
    expect(contentTypes).toMatchObject([
      { type: 'post', resource: 'wp/v2/posts', taxonomies: ['category', 'tag'], supportsExcerpt: true },
      { type: 'page', resource: 'wp/v2/pages', taxonomies: [], supportsExcerpt: false },
      { type: 'book', label: 'Books', taxonomies: ['genre'] },
      { type: 'product', taxonomies: ['product_cat', 'product_tag'] },
    ])
    expect(taxonomies.map(({ type, resource }) => [type, resource])).toEqual([
      ['category', 'wp/v2/categories'],
      ['tag', 'wp/v2/tags'],
      ['genre', expect.any(String)],
      ['product_cat', expect.any(String)],
      ['product_tag', expect.any(String)],
    ])
    expect(statuses).toEqual(['publish', 'future', 'draft', 'pending', 'private'])
  })

  it.each(['status', 'author', 'password', 'content', 'meta', 'parent', 'featured_media'])(
    'leaves out a taxonomy whose terms would be written into the field "%s"',
    async (rest_base) => {
      const { contentTypes, taxonomies } = await read({
        types: { book },
        taxonomies: { genre: { ...genre, rest_base } },
      })
      expect(contentTypes).toMatchObject([{ type: 'book', taxonomies: [] }])
      expect(taxonomies).toEqual([])
    },
  )

  it.each([
    ['a name that is none', { slug: '__proto__' }],
    ['a field that is none', { rest_base: '__proto__' }],
    ['a route that leads elsewhere', { rest_base: '../users' }],
    ['a field hidden behind a route', { rest_base: 'x/status' }],
    ['a namespace with a query', { rest_namespace: 'wp/v2?x' }],
  ])('leaves out a taxonomy with %s', async (_what, change) => {
    const odd = { ...genre, slug: 'genre', ...change }
    const types = { post, book: { ...book, taxonomies: [odd.slug] } }
    const { taxonomies } = await read({ types, taxonomies: { category, post_tag, odd } })
    expect(taxonomies.map(({ type }) => type)).toEqual(['category', 'tag'])
  })

  it.each([
    ['a name that is none', { slug: '__proto__' }],
    ['a route that leads elsewhere', { rest_base: '../users' }],
    ['a route for something nested', { rest_base: 'menus/(?P<id>[\\d]+)' }],
    ['a namespace that leads elsewhere', { rest_namespace: '../..' }],
  ])('leaves out a type with %s', async (_what, change) => {
    const { contentTypes } = await read({ types: { post, page, odd: { ...book, ...change } } })
    expect(contentTypes.map(({ type }) => type)).toEqual(['post', 'page'])
  })

  it('reads what PHP sends for empty maps', async () => {
    const { contentTypes } = await read({
      types: { book: { ...book, supports: [], capabilities: [], taxonomies: [] } },
    })
    expect(contentTypes).toMatchObject([{ supportsExcerpt: false, rights: {}, taxonomies: [] }])
    expect(await read({ types: [] })).toMatchObject({ contentTypes: [], taxonomies: [] })
  })

  it('fails where the list is no list of types', async () => {
    await expect(read({ types: { book: 'Books' } })).rejects.toMatchObject({ code: 'REMOTE_MALFORMED', effect: 'none' })
  })
})

describe('isInnerType', () => {
  it.each([
    ['attachment', true],
    ['wp_block', true],
    ['post', false],
    ['wpforms', false],
  ])('takes %s for one of WordPress’s own: %s', (slug, expected) => {
    expect(isInnerType(slug)).toBe(expected)
  })
})
