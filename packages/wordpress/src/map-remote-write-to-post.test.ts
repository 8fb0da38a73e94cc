import type { RemoteWrite } from '@igny8/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapRemoteWriteToPost, parseExternalId } from './map-remote-write-to-post.ts'
import type { TypeRoute } from './site-catalogue.ts'

const route: TypeRoute = {
  type: 'post',
  resource: 'wp/v2/posts',
  taxonomies: [{ type: 'tag', resource: 'wp/v2/tags', field: 'tags', hierarchical: false }],
  supportsFeaturedImage: true,
}

describe('mapRemoteWriteToPost', () => {
  it('names everything that a write can set', () => {
    const write: RemoteWrite = {
      title: 'T',
      body: '<p>B</p>',
      excerpt: 'E',
      slug: 's',
      terms: { tag: ['3', '1'] },
      featuredMediaId: '9',
      meta: { key: [1] },
      state: 'published',
    }
    expect(mapRemoteWriteToPost(write, route)).toEqual({
      title: 'T',
      content: '<p>B</p>',
      excerpt: 'E',
      slug: 's',
      tags: [3, 1],
      featured_media: 9,
      meta: { key: [1] },
      status: 'publish',
    })
  })

  it('names nothing that a write does not, and no date ever', () => {
    const write = fc.record<RemoteWrite>(
      {
        title: fc.string(),
        body: fc.string(),
        slug: fc.string(),
        featuredMediaId: fc.constantFrom('1', null),
        state: fc.constantFrom('published' as const, 'draft' as const),
        meta: fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<NonNullable<RemoteWrite['meta']>>,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(write, (fields) => {
        const post = mapRemoteWriteToPost(fields, route)
        expect(Object.keys(post)).toHaveLength(Object.keys(fields).length)
        expect(Object.keys(post).filter((name) => name.includes('date'))).toEqual([])
        expect(post.content).toBe(fields.body)
      }),
    )
  })

  it('passes over what is no part of a write, however it came there', () => {
    const write = { title: 'T', author: 1, password: 'x', date: '2020', status: 'publish', id: 5 }
    expect(mapRemoteWriteToPost(write, route)).toEqual({ title: 'T' })
  })

  it('empties what is given as empty, and takes an image away by zero', () => {
    const write = { title: '', terms: { tag: [] }, featuredMediaId: null, state: 'draft' as const }
    expect(mapRemoteWriteToPost(write, route)).toEqual({ title: '', tags: [], featured_media: 0, status: 'draft' })
  })

  it.each([
    ['a taxonomy that does not apply', { terms: { category: ['1'] } }, 'terms.category'],
    [
      'a taxonomy of no site',
      { terms: JSON.parse('{"__proto__":["1"]}') as Record<string, string[]> },
      'terms.__proto__',
    ],
    ['the field of a taxonomy in place of its name', { terms: { tags: ['1'] } }, 'terms.tags'],
    ['a term that is no id', { terms: { tag: ['1', 'news'] } }, 'terms.tag'],
    ['an image that is no id', { featuredMediaId: '9; DROP' }, 'featuredMediaId'],
  ])('refuses %s', (_what, write, field) => {
    expect(() => mapRemoteWriteToPost(write, route)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', effect: 'none', details: { field } }),
    )
  })
})

describe('parseExternalId', () => {
  it('takes every id that WordPress can have, unchanged', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (id) => {
        fc.pre(id > 0)
        expect(parseExternalId(String(id))).toBe(id)
      }),
    )
  })

  it.each([
    '',
    '0',
    '-1',
    '01',
    '1.5',
    '1e3',
    ' 1',
    '1/..',
    '../users/1',
    '1?force=true',
    '9007199254740993',
    '9'.repeat(20),
  ])('refuses %j', (externalId) => {
    expect(() => parseExternalId(externalId)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})
