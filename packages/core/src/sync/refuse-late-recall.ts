import { endIntent } from './end-intent.ts'
import type { SyncContext } from './sync-context.ts'

/** Throws, and ends what an earlier attempt has left open, where a content is not, or no longer, to be taken back from the site: it may have been handed over anew. */
export async function refuseLateRecall({ account, integration }: SyncContext, contentId: string): Promise<void> {
  try {
    await account.publications.takingBack(contentId)
  } catch (error) {
    await account.storage.transaction(async (stores) => {
      const intent = await stores.intents.find(integration.id, contentId)
      if (intent?.as === 'unschedule' && intent.finishedAt === null)
        await endIntent(stores, intent, account.clock.now())
    })
    throw error
  }
}
