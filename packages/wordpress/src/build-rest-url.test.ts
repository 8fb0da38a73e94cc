import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildRestUrl, isPlainRoot } from './build-rest-url.ts'

const pretty = 'https://site.example/blog/wp-json/'
const plain = 'https://site.example/blog/?rest_route=/'

describe('buildRestUrl', () => {
  it('puts the route behind the root, in whichever form the site has it', () => {
    expect(buildRestUrl(pretty, 'wp/v2/posts')).toBe('https://site.example/blog/wp-json/wp/v2/posts')
    expect(buildRestUrl('https://site.example/wp-json', 'wp/v2/posts')).toBe('https://site.example/wp-json/wp/v2/posts')
    expect(buildRestUrl(plain, 'wp/v2/posts', { page: 2 })).toBe(
      'https://site.example/blog/?rest_route=/wp/v2/posts&page=2',
    )
    expect(buildRestUrl(plain, '')).toBe('https://site.example/blog/?rest_route=/')
  })

  it('keeps the parameters that belong to the root', () => {
    expect(buildRestUrl(`${pretty}?lang=de`, 'wp/v2/posts', { page: 1 })).toBe(`${pretty}wp/v2/posts?lang=de&page=1`)
    expect(buildRestUrl(`${plain}&lang=de`, 'wp/v2/posts')).toBe(
      'https://site.example/blog/?rest_route=/wp/v2/posts&lang=de',
    )
  })

  it('joins lists by bare commas and leaves out what is undefined', () => {
    const query = { exclude: [1, 2, 3], status: ['draft', 'trash'], page: undefined, force: true }
    expect(buildRestUrl(pretty, 'x', query)).toBe(`${pretty}x?exclude=1,2,3&status=draft,trash&force=true`)
  })

  it('hands every value to the other side as it was given, and nothing besides', () => {
    const texts = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed())
    fc.assert(
      fc.property(fc.constantFrom(pretty, plain), fc.dictionary(texts, texts), (root, query) => {
        fc.pre(!('rest_route' in query))
        const url = new URL(buildRestUrl(root, 'wp/v2/posts', query))
        url.searchParams.delete('rest_route')
        expect(Object.fromEntries(url.searchParams)).toEqual(query)
        expect(url.origin).toBe('https://site.example')
        expect(url.hash).toBe('')
      }),
    )
  })

  it('tells the root without permalinks from the other', () => {
    expect([isPlainRoot(plain), isPlainRoot(pretty)]).toEqual([true, false])
  })
})
