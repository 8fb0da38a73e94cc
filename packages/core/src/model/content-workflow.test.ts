import { describe, expect, it } from 'vitest'
import { buildContent } from '../testing/build-content.ts'
import type { Content, ContentStatus } from './content.ts'
import { hashContentFields } from './content-fields.ts'
import { applyLocalEdit, approve, isApproved, reject, submitForReview } from './content-workflow.ts'

const now = new Date('2026-11-02T10:00:00Z')
const statuses: readonly ContentStatus[] = [
  'draft',
  'review',
  'approved',
  'scheduled',
  'publishing',
  'published',
  'failed',
]

function content(status: ContentStatus, change: Partial<Content> = {}): Content {
  return { ...buildContent({ title: 'Before', status, approvedHash: null, approvedAt: null }), version: 3, ...change }
}

function approved(status: ContentStatus, change: Partial<Content> = {}): Content {
  const plain = content(status, change)
  return { ...plain, approvedHash: hashContentFields(plain), approvedAt: new Date('2026-11-01T10:00:00Z') }
}

const refused = 'INVALID_TRANSITION'

function outcome(step: (content: Content, now: Date) => Content, before: Content): string {
  try {
    const after = step(before, now)
    expect([after.version, after.updatedAt]).toEqual([before.version + 1, now])
    return after.status
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('steps of the workflow', () => {
  const table: Readonly<Record<string, readonly [(content: Content, now: Date) => Content, readonly string[]]>> = {
    submitForReview: [submitForReview, ['review', refused, refused, refused, refused, refused, 'review']],
    approve: [approve, ['approved', 'approved', 'approved', 'scheduled', refused, 'published', 'approved']],
    reject: [reject, [refused, 'draft', 'draft', 'draft', refused, 'published', 'draft']],
  }

  it.each(
    Object.entries(table).flatMap(([name, [step, outcomes]]) =>
      statuses.map((status, index) => [name, status, outcomes[index], step] as const),
    ),
  )('%s takes %s to %s', (_name, status, expected, step) => {
    expect(outcome(step, content(status))).toBe(expected)
  })

  it('a refusal names the content and where it stands', () => {
    expect(() => submitForReview(content('published', { id: 'c-1' }), now)).toThrow(
      expect.objectContaining({ code: refused, details: { contentId: 'c-1', status: 'published' } }),
    )
  })
})

describe('approval', () => {
  it('is bound to what stands there', () => {
    const after = approve(content('review'), now)
    expect([isApproved(after), after.approvedAt]).toEqual([true, now])
    expect(isApproved({ ...after, title: 'Other' })).toBe(false)
    expect(isApproved({ ...after, meta: { ...after.meta, more: 1 } })).toBe(false)
  })

  it('does not depend on the order of terms and keys, nor on anything that is not edited', () => {
    const after = approve(content('review', { taxonomyIds: ['a', 'b'], meta: { x: 1, y: 2 } }), now)
    expect(
      isApproved({ ...after, taxonomyIds: ['b', 'a'], meta: { y: 2, x: 1 }, status: 'published', version: 99 }),
    ).toBe(true)
  })

  it('is given once: a second time changes nothing', () => {
    const once = approve(content('review'), now)
    expect(approve(once, new Date('2027-01-01'))).toBe(once)
  })

  it.each(['draft', 'review'] as const)('approves anew what went back to %s as it stood', (status) => {
    expect(approve(approved(status), now)).toMatchObject({ status: 'approved', approvedAt: now, version: 4 })
  })

  it('is renewed after a change that was not an edit here', () => {
    const changed = { ...approved('approved'), title: 'Other' }
    const after = approve(changed, now)
    expect([isApproved(after), after.approvedHash === changed.approvedHash]).toEqual([true, false])
  })

  it('is missing where there is none', () => {
    expect(isApproved(content('approved'))).toBe(false)
  })

  it.each(['review', 'approved', 'scheduled', 'published', 'failed'] as const)(
    'is taken back by rejecting %s',
    (status) => {
      expect(reject(approved(status), now)).toMatchObject({ approvedHash: null, approvedAt: null })
    },
  )
})

describe('applyLocalEdit', () => {
  it.each([
    ['draft', 'draft', false],
    ['review', 'review', false],
    ['approved', 'review', false],
    ['scheduled', 'review', false],
    ['failed', 'review', false],
    ['publishing', 'publishing', false],
    ['published', 'published', true],
  ] as const)('takes %s to %s, pending changes: %s, and revokes the approval', (status, expected, pendingChanges) => {
    const before = approved(status, { pendingChanges: false })
    expect(applyLocalEdit(before, { title: 'After' }, now)).toEqual({
      ...before,
      title: 'After',
      status: expected,
      pendingChanges,
      approvedHash: null,
      approvedAt: null,
      version: 4,
      updatedAt: now,
    })
  })

  it('keeps changes that were pending', () => {
    const before = approved('publishing', { pendingChanges: true })
    expect(applyLocalEdit(before, { title: 'After' }, now).pendingChanges).toBe(true)
  })

  it.each([
    ['nothing', {}],
    ['the same title', { title: 'Before' }],
    ['the same terms in another order', { taxonomyIds: ['b', 'a'] }],
    ['the same meta in another order', { meta: { y: 2, x: 1 } }],
  ])('changes nothing at all for %s', (_name, edit) => {
    const before = approved('published', { taxonomyIds: ['a', 'b'], meta: { x: 1, y: 2 } })
    expect(applyLocalEdit(before, edit, now)).toBe(before)
  })
})
