import { platformContract } from '@igny8/core/testing'
import { describe, it } from 'vitest'
import { createFakeSite } from './fake-site.ts'

const inReview = { name: 'in-review', label: 'In review', floats: false, kind: 'protected' } as const

for (const type of ['post', 'page', 'product']) {
  // One site for all tests, as a real one would be.
  const { site, clock, open } = createFakeSite()
  site.people.addStatus(inReview)

  describe(`the fake WordPress with the type ${type}`, () => {
    platformContract({
      describe,
      it,
      async createPlatform() {
        await clock.advance(5_000)
        return {
          client: open(),
          type,
          futureDates: true,
          async setForeignStatus(externalId) {
            return { status: site.people.setStatus(Number(externalId), inReview.name).status }
          },
        }
      },
    })
  })
}
