import assert from 'node:assert/strict'
import type { PlatformTaxonomies, RemoteTerm } from '../ports/platform-taxonomies.ts'
import { findTaxonomy, type PlatformCase, type PlatformSuite } from './platform-contract-suite.ts'

export function platformTaxonomiesContract({ describe, test }: PlatformSuite): void {
  function taxonomyTest(
    name: string,
    hierarchical: boolean,
    run: (given: PlatformCase, type: string, taxonomies: PlatformTaxonomies) => Promise<void>,
  ): void {
    test(name, async (given) => {
      const { taxonomies } = given.client
      const taxonomy = taxonomies === undefined ? undefined : await findTaxonomy(given, hierarchical)
      if (taxonomies !== undefined && taxonomy !== undefined) await run(given, taxonomy.type, taxonomies)
    })
  }

  describe('taxonomies', () => {
    taxonomyTest('creates a term once and adopts it the second time', false, async ({ createTerm, name }, type) => {
      const first = await createTerm({ type, name, description: 'About it' })
      assert.equal(first.adopted, false)
      assert.equal(first.term.name, name)
      assert.equal(first.term.description, 'About it')
      assert.equal(first.term.parentExternalId, null)
      const second = await createTerm({ type, name })
      assert.equal(second.adopted, true)
      assert.deepEqual(second.term, first.term)
    })

    taxonomyTest(
      'adopts whatever slug is asked for, and sets it on a new one',
      false,
      async ({ createTerm, name }, type) => {
        const first = await createTerm({ type, name, slug: `${name}-slug` })
        assert.deepEqual([first.adopted, first.term.slug], [false, `${name}-slug`])
        const second = await createTerm({ type, name, slug: `${name}-other` })
        assert.deepEqual([second.adopted, second.term.externalId], [true, first.term.externalId])
      },
    )

    taxonomyTest('keeps names as plain text', false, async ({ createTerm, name }, type, taxonomies) => {
      for (const text of [`R&D ${name}`, `“${name}” 'quoted'`, `😀 שלום ${name}`]) {
        const { term } = await createTerm({ type, name: text })
        assert.equal(term.name, text)
        const again = await createTerm({ type, name: text })
        assert.deepEqual([again.adopted, again.term.externalId], [true, term.externalId])
        const rows = await readAllTerms(taxonomies, type, 100)
        assert.deepEqual(
          rows.find((row) => row.externalId === term.externalId),
          term,
        )
      }
    })

    taxonomyTest('tells the same name under two parents apart', true, async ({ createTerm, name }, type) => {
      const [left, right] = [
        await createTerm({ type, name: `${name} left` }),
        await createTerm({ type, name: `${name} right` }),
      ]
      const child = (parentExternalId: string) => createTerm({ type, name: `${name} child`, parentExternalId })
      const underLeft = await child(left.term.externalId)
      const underRight = await child(right.term.externalId)
      assert.equal(underLeft.term.parentExternalId, left.term.externalId)
      assert.equal(underRight.term.parentExternalId, right.term.externalId)
      assert.notEqual(underLeft.term.externalId, underRight.term.externalId)
      const again = await child(left.term.externalId)
      assert.deepEqual([again.adopted, again.term.externalId], [true, underLeft.term.externalId])
    })

    taxonomyTest('updates the given fields of a term', false, async ({ createTerm, name }, type, taxonomies) => {
      const { term } = await createTerm({ type, name, description: 'kept' })
      const updated = await taxonomies.update({ type, externalId: term.externalId, name: `${name} & more` })
      assert.deepEqual(updated, { ...term, name: `${name} & more` })
    })

    for (const hierarchical of [false, true]) {
      const kind = hierarchical ? 'a tree' : 'a flat list'
      taxonomyTest(
        `pages through all terms of ${kind} by ascending id`,
        hierarchical,
        async ({ createTerm, name }, type, taxonomies) => {
          const ids: string[] = []
          for (let number = 0; number < 5; number++)
            ids.push((await createTerm({ type, name: `${name} ${number}` })).term.externalId)
          const seen = (await readAllTerms(taxonomies, type, 2)).map((row) => row.externalId)
          assert.deepEqual(
            seen.filter((id) => ids.includes(id)),
            ids,
          )
          const past = await taxonomies.list({ type, page: 100_000, limit: 2 })
          assert.deepEqual([past.rows, past.more], [[], false])
        },
      )
    }

    taxonomyTest(
      'deletes, and takes a repetition for success',
      false,
      async ({ createTerm, name }, type, taxonomies) => {
        const { term } = await createTerm({ type, name })
        await taxonomies.delete(term)
        await taxonomies.delete(term)
        const again = await createTerm({ type, name })
        assert.equal(again.adopted, false)
      },
    )
  })
}

async function readAllTerms(
  taxonomies: PlatformTaxonomies,
  type: string,
  limit: number,
): Promise<readonly RemoteTerm[]> {
  const terms: RemoteTerm[] = []
  for (let page = 1; ; page++) {
    assert.ok(page < 10_000, 'the list does not end')
    const { rows, more } = await taxonomies.list({ type, page, limit })
    assert.ok(rows.length <= limit, 'a page is longer than its limit')
    terms.push(...rows)
    if (!more) return terms
  }
}
