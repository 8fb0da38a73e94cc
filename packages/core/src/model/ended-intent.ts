import type { PushIntent } from './push-intent.ts'

/**
 * What is left of an intent once it is done: nothing of an update; of a create it is kept for a while, as a draft that arrives late, or twice, has to be
 * recognised, also where the content was removed before any was found. Pure.
 */
export function endedIntent(intent: PushIntent, now: Date): PushIntent | null {
  const isUnlinked = intent.externalId === null && intent.sent !== null
  if (intent.draftHash === null && !isUnlinked) return null
  const settled = { ...intent, unresolvedSince: null, settleAt: null }
  return { ...settled, action: 'create', finishedAt: now, updatedAt: now, version: intent.version + 1 }
}
