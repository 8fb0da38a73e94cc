import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordedJson } from './canned-site.ts'
import { mapPostToOutline, mapPostToRemoteContent, postFields } from './map-post-to-remote-content.ts'
import type { TypeRoute } from './site-catalogue.ts'

const category = { type: 'category', resource: 'wp/v2/categories', field: 'categories', hierarchical: true }
const tag = { type: 'tag', resource: 'wp/v2/tags', field: 'tags', hierarchical: false }
const route: TypeRoute = {
  type: 'post',
  resource: 'wp/v2/posts',
  taxonomies: [category, tag],
  supportsFeaturedImage: true,
}
const post = recordedJson('post') as Readonly<Record<string, unknown>>

/** The item that a row becomes. */
function read(row: unknown, of: TypeRoute = route) {
  const mapped = mapPostToRemoteContent(row, of)
  if (mapped.kind === 'rejected') throw new Error(mapped.rejected.problem)
  return mapped.row
}

describe('mapPostToRemoteContent', () => {
  it('reads a recorded draft', () => {
    expect(read(post)).toEqual({
      externalId: '39',
      type: 'post',
      status: 'draft',
      state: 'draft',
      modifiedAt: new Date('2026-11-24T03:11:59Z'),
      fields: {
        title: 'Fish & chips',
        body: '<!-- wp:paragraph -->\n<p>“a” & b</p>\n<!-- /wp:paragraph -->',
        bodyFormat: 'blocks',
        excerpt: 'x',
        slug: 'fish',
        terms: { category: ['1'], tag: [] },
        featuredMediaId: null,
        meta: { footnotes: '' },
      },
      url: null,
      publishedAt: null,
    })
  })

  it('reads the answers to a create, to a list and to a batch alike', () => {
    const { responses } = recordedJson('batch') as { responses: readonly { body: unknown }[] }
    const [listed] = recordedJson('posts') as readonly unknown[]
    expect(read(recordedJson('created'))).toEqual(read(post))
    expect(read(listed)).toEqual(read(post))
    expect(read(responses[0]?.body)).toMatchObject({ externalId: '41', fields: { title: 'one', slug: '' } })
  })

  it('keeps title, body and excerpt byte for byte', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (title, content, excerpt) => {
        const row = { ...post, title: { raw: title }, content: { raw: content }, excerpt: { raw: excerpt } }
        expect(read(row).fields).toMatchObject({ title, body: content, excerpt })
      }),
    )
  })

  it('names the address of what people can read, and no preview', () => {
    const link = 'https://site.example/fish'
    const urlOf = (status: string) => read({ ...post, status, link }).url
    expect(['publish', 'private', 'plugin-state'].map(urlOf)).toEqual([link, link, link])
    expect(['draft', 'pending', 'future', 'trash'].map(urlOf)).toEqual([null, null, null, null])
    expect(read({ ...post, status: 'publish', link: '' }).url).toBeNull()
  })

  it('knows when a scheduled or published item is due, and of no date of a draft', () => {
    const dueOf = (status: string) => read({ ...post, status, date_gmt: '2027-01-01T00:00:00' }).publishedAt
    expect(['future', 'publish', 'trash'].map((status) => dueOf(status)?.getTime())).toEqual(
      Array(3).fill(Date.UTC(2027, 0, 1)),
    )
    expect([dueOf('draft'), dueOf('pending')]).toEqual([null, null])
  })

  it('takes a floating or missing modified time for the oldest', () => {
    for (const modified_gmt of ['0000-00-00T00:00:00', null, undefined, 'soon']) {
      expect(read({ ...post, modified_gmt }).modifiedAt).toEqual(new Date(0))
    }
  })

  it('sorts terms and takes each once, whatever the order they come in', () => {
    const ids = fc.array(fc.integer({ min: 1, max: 2_000 }))
    fc.assert(
      fc.property(ids, (categories) => {
        const { terms } = read({ ...post, categories }).fields
        expect(terms.category).toEqual([...new Set(categories)].sort((one, other) => one - other).map(String))
      }),
    )
  })

  it('leaves out the terms that an answer does not carry, as they are unknown and not none', () => {
    const { tags: _, ...untagged } = post
    expect(read(untagged).fields.terms).toEqual({ category: ['1'] })
  })

  it('keeps taxonomies and meta of any name beside the others', () => {
    const odd = { type: '__proto__', resource: 'wp/v2/odd', field: 'odd', hierarchical: false }
    const row: unknown = JSON.parse(JSON.stringify({ ...post, odd: [5] }).replace('"footnotes":', '"__proto__":'))
    const { terms, meta } = read(row, { ...route, taxonomies: [category, odd] }).fields
    expect(Object.entries(terms)).toEqual([
      ['category', ['1']],
      ['__proto__', ['5']],
    ])
    expect(Object.entries(meta)).toEqual([['__proto__', '']])
    for (const fields of [terms, meta]) expect(Object.getPrototypeOf(fields)).toBe(Object.prototype)
  })

  it('reports meta that nest deeper than PHP would write them', () => {
    const nested = (depth: number) => ({ key: JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown })
    expect(read({ ...post, meta: nested(500) }).fields.meta).toEqual(nested(500))
    expect(mapPostToRemoteContent({ ...post, meta: nested(100_000) }, route)).toMatchObject({
      rejected: { externalId: '39', problem: 'meta: nested too deeply' },
    })
  })

  it('has no meta where PHP sends its empty list', () => {
    expect(read({ ...post, meta: [] }).fields.meta).toEqual({})
  })

  it.each([
    ['of another type', { ...post, type: 'page' }, 'is not of type "post"'],
    ['with an id as text', { ...post, id: '39' }, 'id: '],
    ['with an id that is no safe number', { ...post, id: 2 ** 60 }, 'id: '],
    ['without a status', { ...post, status: undefined }, 'status: '],
    ['with a rendered title only', { ...post, title: { rendered: 'Fish' } }, 'title.raw: '],
    ['with a body that is no text', { ...post, content: { raw: null } }, 'content.raw: '],
    ['with terms that are no list', { ...post, categories: { 0: 1 } }, 'categories: no list of ids'],
    ['with a term that is no id', { ...post, tags: ['Fish'] }, 'tags: no list of ids'],
    ['that looks emptied', { ...post, title: undefined, content: undefined, excerpt: undefined }, 'neither title'],
    ['that is none', null, 'row: '],
    ['that is text', 'Fish', 'row: '],
  ])('reports a row %s, and repeats nothing of its content', (_what, row, problem) => {
    const mapped = mapPostToRemoteContent(row, route)
    expect(mapped).toMatchObject({ kind: 'rejected', rejected: { problem: expect.stringContaining(problem) } })
    expect(JSON.stringify(mapped)).not.toContain('Fish')
  })

  it('reports, and never throws, whatever a site sends for a row', () => {
    const shaped = fc.record(
      Object.fromEntries([...Object.keys(post)].map((key) => [key, fc.oneof(fc.constant(post[key]), fc.jsonValue())])),
    )
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), shaped), (row) => {
        expect(['row', 'rejected']).toContain(mapPostToRemoteContent(row, route).kind)
        expect(['row', 'rejected']).toContain(mapPostToOutline(row, route).kind)
      }),
      // What JSON may hold under these names is no function.
      { examples: [[{ ...post, id: { toString: false } }], [{ ...post, id: { valueOf: null, toString: 1 } }]] },
    )
  })
})

describe('mapPostToOutline', () => {
  it('reads the recorded outlines', () => {
    const rows = (recordedJson('outlines') as readonly unknown[]).map((row) => mapPostToOutline(row, route))
    expect(rows).toMatchObject([
      { row: { externalId: '1', state: 'published', modifiedAt: new Date('2026-11-24T02:10:44Z') } },
      { row: { externalId: '39', state: 'draft' } },
    ])
  })

  it('reports a row of another type', () => {
    const page = { id: 5, type: 'page', status: 'draft', modified_gmt: null }
    expect(mapPostToOutline(page, route)).toMatchObject({ kind: 'rejected', rejected: { externalId: '5' } })
  })
})

describe('postFields', () => {
  it('asks for raw text and for the terms of the type', () => {
    const fields = postFields(route)
    expect(fields).toEqual(expect.arrayContaining(['content.raw', 'title.raw', 'excerpt.raw', 'categories', 'tags']))
    expect(fields.filter((field) => /rendered|^content$|^title$/.test(field))).toEqual([])
  })
})
