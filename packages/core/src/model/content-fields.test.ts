import { describe, expect, it } from 'vitest'
import { buildContent } from '../testing/build-content.ts'
import type { ContentFields } from './content.ts'
import { changedFields, contentFieldNames, hashContentFields, pickContentFields } from './content-fields.ts'

const fields: ContentFields = {
  title: 'Title',
  body: 'Body',
  bodyFormat: 'html',
  excerpt: 'Excerpt',
  slug: 'slug',
  taxonomyIds: ['b', 'a'],
  featuredImageId: 'image',
  meta: { x: 1, y: { z: [1, 2] } },
}

const edits: Required<ContentFields> = {
  title: 'title',
  body: 'Body ',
  bodyFormat: 'blocks',
  excerpt: '',
  slug: null,
  taxonomyIds: ['a'],
  featuredImageId: null,
  meta: { x: 1, y: { z: [2, 1] } },
}

describe('pickContentFields', () => {
  it('takes what a person edits and nothing else, the terms in order', () => {
    const content = { ...buildContent(), ...fields }
    expect(pickContentFields(content)).toEqual({ ...fields, taxonomyIds: ['a', 'b'] })
    expect(Object.keys(pickContentFields(content)).sort()).toEqual([...contentFieldNames].sort())
    expect(fields.taxonomyIds).toEqual(['b', 'a'])
  })
})

describe('changedFields and hashContentFields', () => {
  it.each(contentFieldNames)('see a change of %s', (name) => {
    const after = { ...fields, [name]: edits[name] }
    expect(changedFields(fields, after)).toEqual([name])
    expect(hashContentFields(after)).not.toBe(hashContentFields(fields))
  })

  it('see none in another order of terms and keys', () => {
    const same = { ...fields, taxonomyIds: ['a', 'b'], meta: { y: { z: [1, 2] }, x: 1 } }
    expect([changedFields(fields, same), hashContentFields(same)]).toEqual([[], hashContentFields(fields)])
  })

  it('name all changes in one go', () => {
    expect(changedFields(fields, edits)).toEqual(contentFieldNames)
  })
})
