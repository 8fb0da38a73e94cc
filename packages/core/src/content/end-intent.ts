import type { PushIntent } from '../model/push-intent.ts'
import type { AccountStores } from '../ports/storage.ts'

/** Ends what an intent set out to do. Of a create it is kept for a while: a draft that arrives late, or twice, has to be recognised. */
export async function endIntent(stores: AccountStores, intent: PushIntent, now: Date): Promise<void> {
  if (intent.draftHash === null) return stores.intents.remove(intent.integrationId, intent.contentId)
  const ended = { action: 'create', finishedAt: now, updatedAt: now } as const
  await stores.intents.put({ ...intent, ...ended, version: intent.version + 1 })
}
