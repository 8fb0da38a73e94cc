import { expect, it } from 'vitest'
import type { ContentFields } from '../model/content.ts'
import { buildChangedWrite, buildNewWrite } from './build-remote-write.ts'

const bare: ContentFields = {
  title: 'Title',
  body: '<p>Text</p>',
  bodyFormat: 'html',
  excerpt: '',
  slug: null,
  taxonomyIds: [],
  featuredImageId: null,
  meta: {},
}

it('creates with what is there only, and updates with what was emptied too', () => {
  const nothing = { terms: { category: [], tag: [] }, featuredMediaId: null }
  expect(buildNewWrite(bare, nothing)).toEqual({ title: 'Title', body: '<p>Text</p>' })
  expect(buildChangedWrite({ ...bare, excerpt: 'Short', taxonomyIds: ['a'] }, bare, nothing)).toEqual({
    excerpt: '',
    terms: { category: [], tag: [] },
  })
  const some = { terms: { category: ['3'], tag: [] }, featuredMediaId: '9' }
  expect(buildNewWrite({ ...bare, excerpt: 'Short', taxonomyIds: ['a'], featuredImageId: 'b' }, some)).toEqual({
    title: 'Title',
    body: '<p>Text</p>',
    excerpt: 'Short',
    terms: { category: ['3'] },
    featuredMediaId: '9',
  })
})
