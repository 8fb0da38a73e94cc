import type { AccountStores } from '../ports/storage.ts'

/**
 * Pushes of a content that the scheduler began and did not bring to their end go on as drafts, in the caller's transaction: a sync that takes them up has their outcome
 * found, and publishes nothing that was taken off the queue.
 */
export async function keepAsDraft(
  stores: AccountStores,
  { siteId, contentId }: { readonly siteId: string; readonly contentId: string },
  now: Date,
): Promise<void> {
  for (const { id } of (await stores.integrations.list({ siteId, limit: 100 })).items) {
    const intent = await stores.intents.find(id, contentId)
    const isToPublish = intent?.as === 'publish' || intent?.as === 'schedule'
    if (intent === undefined || intent.finishedAt !== null || intent.action === 'remove' || !isToPublish) continue
    await stores.intents.put({ ...intent, as: 'draft', version: intent.version + 1, updatedAt: now })
  }
}
