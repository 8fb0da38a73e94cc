import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../model/json.ts'
import { mergeMeta } from './merge-meta.ts'
import { mergeSets } from './merge-sets.ts'

describe('mergeSets', () => {
  const members: fc.Arbitrary<string[]> = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'))

  it('applies additions and removals of both, whoever is first', () => {
    fc.assert(
      fc.property(members, members, members, (base, ours, theirs) => {
        const merged = mergeSets({ base, ours, theirs })
        for (const member of ['a', 'b', 'c', 'd', 'e']) {
          const [was, our, their] = [base, ours, theirs].map((set) => set.includes(member))
          expect(merged.includes(member)).toBe(was ? our === true && their === true : our === true || their === true)
        }
        expect(merged).toEqual([...new Set(merged)].sort())
        expect(mergeSets({ base, ours: theirs, theirs: ours })).toEqual(merged)
      }),
    )
  })
})

describe('mergeMeta', () => {
  const values = fc.dictionary(
    fc.constantFrom('a', 'b', '__proto__'),
    fc.jsonValue({ maxDepth: 1 }).map((value) => value as JsonValue),
  )
  const undecided = { decided: () => null, policy: () => null }
  const byKey = (meta: Readonly<Record<string, JsonValue>>) =>
    Object.entries(meta).toSorted(([one], [other]) => (one < other ? -1 : 1))

  it('gives back the one change', () => {
    fc.assert(
      fc.property(values, values, (base, changed) => {
        const taken = mergeMeta({ localBase: base, ours: base, theirBase: base, theirs: changed, ...undecided })
        expect(byKey(taken.meta)).toEqual(byKey(changed))
        const kept = mergeMeta({ localBase: base, ours: changed, theirBase: base, theirs: base, ...undecided })
        expect(byKey(kept.meta)).toEqual(byKey(changed))
        expect(kept.taken).toEqual([])
      }),
    )
  })

  it('keeps what the site never returned, takes removals, and tells null from nothing', () => {
    const merged = mergeMeta({
      localBase: { hidden: 1, gone: 1, empty: 1 },
      ours: { hidden: 1, gone: 1, empty: 1 },
      theirBase: { gone: 1, empty: 1 },
      theirs: { empty: null },
      ...undecided,
    })
    expect(merged).toMatchObject({ meta: { hidden: 1, empty: null }, taken: ['gone', 'empty'], contested: [] })
    expect(Object.keys(merged.meta)).toEqual(['hidden', 'empty'])
  })

  it('contests a key only where both changed it differently', () => {
    const bases = { localBase: { a: [1], b: { x: 1 } }, theirBase: { a: [1], b: { x: 1 } } }
    const changed = { ours: { a: [2], b: { x: 2 } }, theirs: { a: [3], b: { x: 2 } } }
    expect(mergeMeta({ ...bases, ...changed, ...undecided })).toMatchObject({ contested: ['a'], taken: [] })
  })
})
