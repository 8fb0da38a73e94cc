import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RemoteTerm } from '../ports/platform-taxonomies.ts'
import { parentsFirst } from './pull-taxonomies.ts'

const term = (externalId: string, parentExternalId: string | null): RemoteTerm => ({
  externalId,
  parentExternalId,
  type: 'category',
  name: externalId,
  slug: externalId,
  description: '',
})

describe('parentsFirst', () => {
  it('puts every parent before its children and loses no term, loops included', () => {
    const parents = fc.array(fc.nat({ max: 12 }), { maxLength: 12 })
    fc.assert(
      fc.property(parents, (given) => {
        const terms = given.map((parent, index) => term(String(index), parent === index ? null : String(parent)))
        const ordered = parentsFirst(terms)
        expect([...ordered].map((row) => row.externalId).sort()).toEqual(terms.map((row) => row.externalId).sort())
        const acyclic = given.every((parent, index) => parent < index)
        if (!acyclic) return
        const place = new Map(ordered.map((row, index) => [row.externalId, index]))
        for (const row of terms) {
          const parentPlace = place.get(row.parentExternalId ?? '')
          if (parentPlace !== undefined) expect(parentPlace).toBeLessThan(place.get(row.externalId) ?? -1)
        }
      }),
    )
  })
})
