import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Content, ContentFields } from '../model/content.ts'
import { changedFields } from '../model/content-fields.ts'
import type { JsonValue } from '../model/json.ts'
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

  it('merges what both changed in the body, and leaves it to a person where they met', () => {
    const [was, our, their] = ['<p>a</p><p>b</p>', '<p>A</p><p>b</p>', '<p>a</p><p>B</p>']
    const base = { ...fields, body: was }
    const both = {
      localBase: base,
      theirBase: base,
      content: content({ body: our }),
      theirs: { ...fields, body: their },
    }
    expect(plan(both)).toMatchObject({
      kind: 'merge',
      fields: { body: '<p>A</p><p>B</p>' },
      base: { body: their },
      taken: ['body'],
    })
    expect(plan({ ...both, theirs: { ...fields, body: '<p>aa</p><p>b</p>' } })).toMatchObject({
      kind: 'conflict',
      fields: [{ field: 'body', base: was, ours: our, theirs: '<p>aa</p><p>b</p>' }],
    })
  })

  it('asks the policy only where nothing can be merged, and remembers what it decided against', () => {
    const base = { ...fields, body: '<p>a</p><p>b</p>' }
    const both = {
      localBase: base,
      theirBase: base,
      content: content({ body: '<p>A</p><p>b</p>', title: 'ours' }),
      theirs: { ...fields, body: '<p>a</p><p>B</p>', title: 'theirs' },
      policy: 'local',
    } as const
    expect(plan(both)).toMatchObject({
      kind: 'merge',
      fields: { body: '<p>A</p><p>B</p>', title: 'ours' },
      base: { title: 'theirs' },
      overruled: ['title'],
    })
  })

  it('keeps the format with the body that it describes', () => {
    const base = { ...fields, bodyFormat: 'html', body: '<p>a</p>' } as const
    const both = {
      localBase: base,
      theirBase: base,
      content: content({ bodyFormat: 'markdown', body: 'a' }),
      theirs: { ...base, bodyFormat: 'blocks', body: '<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph -->' },
    } as const
    expect(plan(both)).toMatchObject({ kind: 'conflict', fields: [{ field: 'body' }] })
    const two = { ...base, body: '<p>a</p><p>b</p>' }
    const apart = {
      localBase: two,
      theirBase: two,
      content: content({ bodyFormat: 'markdown', body: '<p>A</p><p>b</p>' }),
      theirs: { ...two, body: '<p>a</p><p>B</p>' },
    } as const
    expect(plan(apart)).toMatchObject({ kind: 'conflict', fields: [{ field: 'body' }] })
    expect(plan({ ...both, decisions: { body: 'theirs' } })).toMatchObject({ fields: { bodyFormat: 'blocks' } })
    expect(plan({ ...both, decisions: { body: 'ours' } })).toMatchObject({
      kind: 'merge',
      fields: { bodyFormat: 'markdown', body: 'a' },
    })
  })

  it('merges terms as sets and never asks about them', () => {
    const base = { ...fields, taxonomyIds: ['a', 'b'] }
    const merged = plan({
      localBase: base,
      theirBase: base,
      content: content({ taxonomyIds: ['ours', 'a'] }),
      theirs: { ...fields, taxonomyIds: ['b', 'theirs'] },
    })
    expect(merged).toMatchObject({
      fields: { taxonomyIds: ['ours', 'theirs'] },
      base: { taxonomyIds: ['b', 'theirs'] },
    })
  })

  it('merges meta by key, and a person decides a key alone', () => {
    const base = { ...fields, meta: { mine: 1, both: 1, theirs: 1, hidden: 1 } }
    const both = {
      localBase: base,
      theirBase: { ...fields, meta: { mine: 1, both: 1, theirs: 1 } },
      content: content({ meta: { mine: 2, both: 2, theirs: 1, hidden: 1 } }),
      theirs: { ...fields, meta: { mine: 1, both: 3 } },
    }
    expect(plan(both)).toMatchObject({
      kind: 'conflict',
      fields: [{ field: 'meta.both', base: 1, ours: 2, theirs: 3 }],
    })
    const decided = plan({ ...both, decisions: { 'meta.both': 'theirs' } })
    expect(decided).toMatchObject({ kind: 'merge', taken: ['meta.both', 'meta.theirs'] })
    if (decided.kind !== 'merge') return
    expect(decided.fields.meta).toEqual({ mine: 2, both: 3, hidden: 1 })
    expect(decided.base.meta).toEqual({ mine: 1, both: 3, hidden: 1 })
  })

  it('takes no scheduled post that was published on time for an edit', () => {
    const result = plan({ content: content({ title: 'ours' }) })
    expect(result).toMatchObject({ kind: 'merge', taken: [], fields: { title: 'ours' }, base: fields })
  })

  it('lets an edit survive the removal on either side, until somebody decides', () => {
    const there = { trashed: true, content: content({ title: 'ours' }), policy: 'remote' } as const
    expect(plan(there)).toMatchObject({ kind: 'conflict', fields: [{ field: 'status', theirs: 'trashed' }] })
    expect(plan({ ...there, decisions: { status: 'theirs' } })).toEqual({ kind: 'remove' })
    expect(plan({ ...there, decisions: { status: 'ours' } })).toMatchObject({
      kind: 'merge',
      fields: { title: 'ours' },
    })
    const here = { removedHere: true, theirs: { ...fields, title: 'theirs' } }
    expect(plan(here)).toMatchObject({ kind: 'conflict', fields: [{ field: 'status', ours: 'removed' }] })
    expect(plan({ ...here, decisions: { status: 'theirs' } })).toMatchObject({
      staysRemoved: false,
      fields: { title: 'theirs' },
    })
    expect(plan({ ...here, decisions: { status: 'ours' } })).toMatchObject({ kind: 'merge', staysRemoved: true })
    expect(plan({ removedHere: true })).toMatchObject({ kind: 'merge', staysRemoved: true })
    expect(plan({ removedHere: true, trashed: true, content: content({ title: 'ours' }) })).toEqual({ kind: 'remove' })
  })

  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('<p>a</p>', '<p>a</p><p>b</p>', '<p>A</p><p>b</p>', '<p>a</p><p>B</p>'),
  )
  const edit = fc.record(
    {
      title: fc.string(),
      body: text,
      excerpt: fc.string(),
      slug: fc.option(fc.string()),
      taxonomyIds: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
      meta: fc.dictionary(
        fc.constantFrom('k', 'l', '__proto__'),
        fc.jsonValue().map((value) => value as JsonValue),
        { noNullPrototype: true },
      ),
    },
    { requiredKeys: [] },
  )

  it('changes nothing where one side alone changed, and ends with theirs in its base', () => {
    fc.assert(
      fc.property(edit, edit, (base, change) => {
        const was = { ...fields, ...base }
        const bases = { localBase: was, theirBase: was }
        const theirs = { ...was, ...change }
        const taken = plan({ ...bases, content: content(was), theirs })
        expect(taken).toMatchObject({ kind: 'merge', overruled: [] })
        if (taken.kind === 'merge') {
          expect(changedFields(taken.fields, theirs)).toEqual([])
          expect(changedFields(taken.base, theirs)).toEqual([])
        }
        const kept = plan({ ...bases, content: content(theirs), theirs: was })
        expect(kept).toMatchObject({ kind: 'merge', taken: [] })
        if (kept.kind === 'merge') expect(changedFields(kept.fields, theirs)).toEqual([])
      }),
    )
  })

  it('never loses a value that cannot be merged: it is in the result or in the conflict, whichever side is taken', () => {
    const names = ['title', 'excerpt'] as const
    fc.assert(
      fc.property(edit, edit, fc.constantFrom('ours', 'theirs'), (ourEdit, theirEdit, side) => {
        const input = { content: content(ourEdit), theirs: { ...fields, ...theirEdit } }
        const asked = plan(input)
        const contested = asked.kind === 'conflict' ? asked.fields.map(({ field }) => field) : []
        const decisions = Object.fromEntries(contested.map((field) => [field, side]))
        const result = plan({ ...input, decisions })
        if (result.kind !== 'merge') throw new Error('not decided')
        for (const name of names) {
          const [our, their] = [input.content[name], input.theirs[name]]
          const isContested = our !== fields[name] && their !== fields[name] && our !== their
          expect(contested.includes(name)).toBe(isContested)
          const expected = isContested ? (side === 'ours' ? our : their) : our === fields[name] ? their : our
          expect(result.fields[name]).toBe(expected)
        }
      }),
    )
  })
})
