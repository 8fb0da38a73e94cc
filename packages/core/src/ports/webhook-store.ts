import type { DirtyItem, WebhookDelivery } from '../model/webhook-delivery.ts'

/** Received webhooks of one account. */
export interface WebhookStore {
  /**
   * Stores the delivery and flags its item, atomically; `duplicate`, which changes nothing, where the integration has this delivery id already.
   *
   * `dirtySince` becomes `receivedAt`, but always later than it was, by a millisecond at least: two hints of one instant, or of two processes
   * whose clocks differ, must not be taken for one.
   */
  record(delivery: WebhookDelivery): Promise<'recorded' | 'duplicate'>
  /** Oldest hint first, at most `limit`. */
  listDirty(integrationId: string, limit: number): Promise<readonly DirtyItem[]>
  /** The same without items whose `retryAt` is after `now`. */
  listDueDirty(integrationId: string, now: Date, limit: number): Promise<readonly DirtyItem[]>
  /** Sets when to try the item again, unless a newer hint came after `dirtySince`. */
  postponeDirty(integrationId: string, externalId: string, dirtySince: Date, retryAt: Date): Promise<void>
  /** Clears the flag unless a newer hint came after `dirtySince`. */
  clearDirty(integrationId: string, externalId: string, dirtySince: Date): Promise<void>
  /** Forgets deliveries received before `before`; flags stay. Returns how many. */
  purge(integrationId: string, before: Date): Promise<number>
}
