import { buildContent, buildLink, testAccountId } from '@igny8/core/testing'
import { expect, it } from 'vitest'
import { createMemoryStorage } from './create-memory-storage.ts'

const count = 10_000
const numbers = Array.from({ length: count }, (_, index) => index + 1)

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

// Generous limits: they tell an index from a scan, and a copy from a serialisation, on a slow machine too.
it('keeps ten thousand contents of 10 kB, and finds and lists them, in time', async () => {
  const storage = createMemoryStorage()
  await storage.migrate()
  const account = storage.forAccount(testAccountId)
  const body = 'x'.repeat(10_000)
  const contents = numbers.map((number) => buildContent({ body: body + number, meta: { seo: { number } } }, number))
  const links = numbers.map((number) => buildLink({}, number))
  const insertMs = await millisecondsOf(async () => {
    await account.content.insert(contents)
    await account.links.insert(links)
  })
  const lookUpMs = await millisecondsOf(async () => {
    for (const { integrationId, kind, externalId } of links) {
      await account.links.findByExternalIds(integrationId, kind, [externalId])
    }
  })
  let seen = 0
  const listMs = await millisecondsOf(async () => {
    let cursor: string | null | undefined
    do {
      const query = { sort: 'updatedAt', direction: 'desc', limit: 500, cursor: cursor ?? undefined } as const
      const page = await account.content.list(query)
      seen += page.items.length
      cursor = page.nextCursor
    } while (cursor !== null)
  })
  expect(seen).toBe(count)
  expect(insertMs).toBeLessThan(1000)
  expect(lookUpMs).toBeLessThan(1000)
  expect(listMs).toBeLessThan(2000)
})
