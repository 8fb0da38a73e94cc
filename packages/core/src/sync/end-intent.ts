import { endedIntent } from '../model/ended-intent.ts'
import type { PushIntent } from '../model/push-intent.ts'
import type { AccountStores } from '../ports/storage.ts'

/** Ends what an intent set out to do, in the caller's transaction. */
export async function endIntent({ intents }: AccountStores, intent: PushIntent, now: Date): Promise<void> {
  const ended = endedIntent(intent, now)
  if (ended === null) await intents.remove(intent.integrationId, intent.contentId)
  else await intents.put(ended)
}
