import type { PushIntent } from '../model/push-intent.ts'

/** Pushes under way, and done ones that are still watched; at most one per integration and content. */
export interface PushIntentStore {
  find(integrationId: string, contentId: string): Promise<PushIntent | undefined>
  /** Those of these contents, in no particular order. */
  findMany(integrationId: string, contentIds: readonly string[]): Promise<readonly PushIntent[]>
  findByMarker(integrationId: string, marker: string): Promise<PushIntent | undefined>
  /** Oldest first, at most `limit`. */
  listOfIntegration(integrationId: string, limit: number): Promise<readonly PushIntent[]>
  /** Inserts, or replaces the one of the same integration and content where its version is one lower. Returns whether it did. */
  put(intent: PushIntent): Promise<boolean>
  /** `put` of each in one step. Returns of each whether it did, in order. Throws `STORAGE_FAILED` where an intent is named twice. */
  putMany(intents: readonly PushIntent[]): Promise<readonly boolean[]>
  /** Idempotent. */
  remove(integrationId: string, contentId: string): Promise<void>
  /** `remove` of each in one step. */
  removeMany(integrationId: string, contentIds: readonly string[]): Promise<void>
}
