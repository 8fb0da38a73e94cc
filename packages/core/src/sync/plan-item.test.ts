import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Content, ContentFields } from '../model/content.ts'
import { pickContentFields } from '../model/content-fields.ts'
import { type ItemInput, planItem } from './plan-item.ts'

const fields: ContentFields = {
  title: 'T',
  body: 'B',
  bodyFormat: 'blocks',
  excerpt: '',
  slug: 's',
  taxonomyIds: [],
  featuredImageId: null,
  meta: {},
}

function content(changes: Partial<ContentFields> = {}): Content {
  const now = new Date(0)
  return {
    ...fields,
    ...changes,
    id: 'c',
    accountId: 'a',
    siteId: 's',
    type: 'post',
    status: 'published',
    origin: 'local',
    pendingChanges: false,
    approvedHash: null,
    approvedAt: null,
    publishedAt: null,
    removedAt: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}

function plan(changes: Partial<ItemInput>) {
  return planItem({
    content: content(),
    localBase: fields,
    theirBase: fields,
    theirs: fields,
    unchanged: false,
    trashed: false,
    policy: 'ask',
    theirsIsNewer: false,
    ...changes,
  })
}

describe('planItem', () => {
  it('brings what is not here, unless it is in the trash', () => {
    expect(plan({ content: null })).toEqual({ kind: 'create' })
    expect(plan({ content: null, trashed: true })).toEqual({ kind: 'ignore' })
  })

  it('does nothing about an echo, even while ours is edited', () => {
    expect(plan({ unchanged: true, content: content({ title: 'ours' }) })).toEqual({ kind: 'echo' })
  })

  it('takes what only they changed and keeps what only we changed', () => {
    const result = plan({ content: content({ title: 'ours' }), theirs: { ...fields, body: 'theirs' } })
    expect(result).toMatchObject({ kind: 'merge', taken: ['body'], fields: { title: 'ours', body: 'theirs' } })
  })

  it('does not take for an edit what the platform normalised on our last write', () => {
    const normalised = { ...fields, body: 'B normalised' }
    expect(plan({ theirBase: normalised, theirs: { ...normalised, title: 'theirs' } })).toMatchObject({
      kind: 'merge',
      taken: ['title'],
    })
  })

  it('keeps all three values where both changed the same field', () => {
    const both = { content: content({ title: 'ours' }), theirs: { ...fields, title: 'theirs' } }
    expect(plan(both)).toMatchObject({
      kind: 'conflict',
      fields: [{ field: 'title', base: 'T', ours: 'ours', theirs: 'theirs' }],
    })
    expect(plan({ ...both, policy: 'remote' })).toMatchObject({ kind: 'merge', fields: { title: 'theirs' } })
    expect(plan({ ...both, policy: 'local' })).toMatchObject({ kind: 'merge', fields: { title: 'ours' } })
    expect(plan({ ...both, policy: 'newest', theirsIsNewer: true })).toMatchObject({
      kind: 'merge',
      fields: { title: 'theirs' },
    })
  })

  it('is fine with the same change on both sides', () => {
    expect(plan({ content: content({ title: 'same' }), theirs: { ...fields, title: 'same' } })).toMatchObject({
      kind: 'merge',
      taken: [],
    })
  })

  it('lets an edit survive the trash', () => {
    expect(plan({ trashed: true })).toEqual({ kind: 'remove' })
    expect(plan({ trashed: true, content: content({ title: 'ours' }) })).toMatchObject({ kind: 'conflict' })
  })

  it('never loses a value: each change is in the result or in the conflict', () => {
    const edit = fc.record({ title: fc.string(), body: fc.string(), excerpt: fc.string() }, { requiredKeys: [] })
    fc.assert(
      fc.property(edit, edit, (ours, theirs) => {
        const here = content(ours)
        const result = plan({ content: here, theirs: { ...fields, ...theirs } })
        const kept = JSON.stringify(
          result.kind === 'merge'
            ? pickContentFields(result.fields)
            : result.kind === 'conflict'
              ? [result.fields, result.merged]
              : here,
        )
        for (const [name, value] of Object.entries({ ...theirs }))
          if (value !== fields[name as 'title']) expect(kept).toContain(JSON.stringify(value))
        for (const [name, value] of Object.entries({ ...ours }))
          if (value !== fields[name as 'title']) expect(kept).toContain(JSON.stringify(value))
      }),
    )
  })
})
