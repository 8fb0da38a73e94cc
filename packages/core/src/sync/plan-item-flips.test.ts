import { describe, expect, it } from 'vitest'
import type { ContentFields, ContentVersion } from '../model/content.ts'
import { findFlippingFields } from './plan-item-flips.ts'

const now = new Date('2026-11-02T12:00:00Z')
const fields: ContentFields = {
  title: '',
  body: '',
  bodyFormat: 'html',
  excerpt: '',
  slug: null,
  taxonomyIds: [],
  featuredImageId: null,
  meta: {},
}

/** Titles as they followed one another, the last one proposed by the site; each change by the writer given, minutes apart. */
function flips(titles: readonly string[], writers: readonly ('site' | 'host')[], minutesApart = 5) {
  const [theirs, ours, ...older] = titles.toReversed()
  const history = older.map(
    (title, n): ContentVersion => ({
      ...fields,
      title,
      accountId: 'a',
      contentId: 'c',
      version: 100 - n,
      actor: writers.toReversed()[n] === 'site' ? 'site:i' : 'host',
      createdAt: new Date(now.getTime() - (n + 1) * minutesApart * 60_000),
    }),
  )
  const input = { fields: ['title', 'meta.k'], history, siteActor: 'site:i', now }
  return findFlippingFields({
    ...input,
    ours: { ...fields, title: ours ?? '' },
    theirs: { ...fields, title: theirs ?? '' },
  })
}
const byTurns = ['host', 'site', 'host', 'site', 'host'] as const

describe('findFlippingFields', () => {
  it('finds a field that is turned back for the fourth time, by turns', () => {
    expect(flips(['A', 'B', 'A', 'B', 'A', 'B'], byTurns.slice(-4))).toEqual(['title'])
    expect(flips(['B', 'A', 'B', 'A', 'B'], byTurns.slice(-3))).toEqual([])
  })

  it('leaves alone what moves on, comes from one writer, or takes its time', () => {
    expect(flips(['A', 'B', 'C', 'D', 'E', 'F'], byTurns.slice(-4))).toEqual([])
    expect(flips(['A', 'B', 'A', 'B', 'A', 'B'], ['site', 'site', 'site', 'site'])).toEqual([])
    expect(flips(['A', 'B', 'A', 'B', 'A', 'B'], byTurns.slice(-4), 20)).toEqual([])
  })
})
