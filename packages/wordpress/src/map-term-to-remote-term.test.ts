import { describe, expect, it } from 'vitest'
import { recordedJson } from './canned-site.ts'
import { mapTermToRemoteTerm } from './map-term-to-remote-term.ts'

const term = { id: 7, name: 'News', slug: 'news', description: '<b>All</b> &amp; more', parent: 3 }

describe('mapTermToRemoteTerm', () => {
  it('reads a recorded term, its name as plain text', () => {
    expect(mapTermToRemoteTerm(recordedJson('term'), 'tag')).toEqual({
      kind: 'row',
      row: { externalId: '3', type: 'tag', name: 'Q&A x', slug: 'qa-x', description: '', parentExternalId: null },
    })
  })

  it('keeps the description, which is HTML, and names the parent', () => {
    expect(mapTermToRemoteTerm(term, 'category')).toMatchObject({
      row: { description: '<b>All</b> &amp; more', parentExternalId: '3' },
    })
  })

  it('has no parent where the taxonomy is flat', () => {
    const { parent: _, ...flat } = term
    expect(mapTermToRemoteTerm(flat, 'tag')).toMatchObject({ row: { parentExternalId: null } })
  })

  it.each([
    ['no id', { ...term, id: undefined }, null],
    ['an id of zero', { ...term, id: 0 }, '0'],
    ['an id as text', { ...term, id: '7' }, '7'],
    ['no name', { ...term, name: null }, '7'],
    ['a parent of another kind', { ...term, parent: 'News' }, '7'],
    ['no form at all', 'News', null],
    ['nothing', null, null],
  ])('reports a row with %s, and what it knows of it', (_what, row, externalId) => {
    expect(mapTermToRemoteTerm(row, 'tag')).toEqual({
      kind: 'rejected',
      rejected: { externalId, problem: expect.not.stringContaining('News') },
    })
  })
})
