import type { DirtyItem, WebhookDelivery } from '../model/webhook-delivery.ts'

/** Received webhooks of one account. */
export interface WebhookStore {
  /** Stores the delivery and flags its item, atomically; `duplicate` where the integration has this delivery id already. */
  record(delivery: WebhookDelivery): Promise<'recorded' | 'duplicate'>
  /** Oldest hint first, at most `limit`. */
  listDirty(integrationId: string, limit: number): Promise<readonly DirtyItem[]>
  /** Clears the flag unless a newer hint came after `dirtySince`. */
  clearDirty(integrationId: string, externalId: string, dirtySince: Date): Promise<void>
  /** Forgets deliveries received before `before`; flags stay. Returns how many. */
  purge(integrationId: string, before: Date): Promise<number>
}
