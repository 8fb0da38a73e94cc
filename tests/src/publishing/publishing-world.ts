import type { PublishingSettings, Storage } from '@igny8/core'
import { approvedContent, connectToFakePlatform } from '../core/connected-account.ts'

/** A connected site in UTC that publishes by itself, at any time, as `settings` say; nothing runs but `igny8.runDue()`. */
export async function openPublishingWorld(settings: Partial<PublishingSettings> = {}, storage?: Storage) {
  const world = await connectToFakePlatform({ started: false, ...(storage === undefined ? {} : { storage }) })
  const { publishing } = world.account
  const siteId = world.site.id
  await publishing.settings.getOrCreateForSite(siteId)
  await publishing.settings.update({
    siteId,
    version: 1,
    changes: { timezone: 'UTC', autoPublishEnabled: true, ...settings } as never,
  })
  const stores = world.storage.forAccount('acct')
  return {
    ...world,
    stores,
    siteId,
    publishing,
    statusOf: async (contentId: string) => (await world.account.content.get(contentId)).status,
    /** Approved contents with these titles, a second apart. */
    async approve(...titles: readonly string[]) {
      const ids: string[] = []
      for (const title of titles) {
        ids.push((await approvedContent(world, { title })).id)
        await world.clock.advance(1_000)
      }
      return ids
    },
    /** Runs what is due every `stepMs` for `ms`. */
    async runFor(ms: number, stepMs = 60_000) {
      for (let passed = 0; passed < ms; passed += stepMs) {
        await world.igny8.runDue()
        await world.clock.advance(stepMs)
      }
      await world.igny8.runDue()
    },
    live: () =>
      [...world.platform.items.values()]
        .filter(({ state }) => state === 'published')
        .map(({ fields, publishedAt }) => ({ title: fields.title, at: publishedAt?.toISOString().slice(5, 16) })),
  }
}
