import type { PushIntent } from '../model/push-intent.ts'

/** Pushes under way, and done ones that are still watched; at most one per integration and content. */
export interface PushIntentStore {
  find(integrationId: string, contentId: string): Promise<PushIntent | undefined>
  findByMarker(integrationId: string, marker: string): Promise<PushIntent | undefined>
  /** Oldest first, at most `limit`. */
  listOfIntegration(integrationId: string, limit: number): Promise<readonly PushIntent[]>
  /** Inserts, or replaces the one of the same integration and content where its version is one lower. Returns whether it did. */
  put(intent: PushIntent): Promise<boolean>
  /** Idempotent. */
  remove(integrationId: string, contentId: string): Promise<void>
}
