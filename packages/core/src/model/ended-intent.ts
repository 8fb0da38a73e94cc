import type { PushIntent } from './push-intent.ts'

/**
 * What is left of an intent once it is done: nothing of an update; of a create it is kept for a while, as a draft that arrives late, or twice, has to be
 * recognised. Pure.
 */
export function endedIntent(intent: PushIntent, now: Date): PushIntent | null {
  if (intent.draftHash === null) return null
  return { ...intent, action: 'create', finishedAt: now, updatedAt: now, version: intent.version + 1 }
}
