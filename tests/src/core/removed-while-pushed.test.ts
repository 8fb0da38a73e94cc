import { expect, it } from 'vitest'
import { approvedContent, connectToFakePlatform } from './connected-account.ts'

it('a content that is removed just before its push notes what it sets out to do is not pushed', async () => {
  const world = await connectToFakePlatform()
  const { storage, igny8, account, platform } = world
  const content = await approvedContent(world)
  const { forAccount } = storage
  let reads = 0
  Object.assign(storage, {
    forAccount(accountId: string) {
      const stores = forAccount(accountId)
      // First for the credential, then right before the intent is written.
      const get: typeof stores.sites.get = async (siteId) => {
        if (++reads === 2) await account.content.remove(content.id)
        return stores.sites.get(siteId)
      }
      return { ...stores, sites: { ...stores.sites, get } }
    },
  })
  await expect(igny8.forAccount('acct').content.publish(content.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(reads).toBe(2)
  expect([...platform.items.values()]).toEqual([])
})
