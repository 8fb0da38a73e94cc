import type { DirtyItem, WebhookDelivery, WebhookStore } from '@igny8/core'
import { firstOf, type Order } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryWebhookStore({ deliveries, dirtyItems }: MemoryTables): Synchronous<WebhookStore> {
  function flag({ integrationId, externalId, externalType, receivedAt }: WebhookDelivery): void {
    const hint = { integrationId, externalId, externalType, dirtySince: receivedAt }
    dirtyItems.setIf(hint, (stored) => stored === undefined || stored.dirtySince < receivedAt)
  }
  return {
    record(delivery) {
      if (!deliveries.setIf(delivery, (stored) => stored === undefined)) return 'duplicate'
      flag(delivery)
      return 'recorded'
    },
    listDirty: (integrationId, limit) =>
      firstOf(dirtyItems.allOf('integration', integrationId), limit, oldestHintFirst),
    clearDirty(integrationId, externalId, dirtySince) {
      const stored = dirtyItems.get([integrationId, externalId])
      if (stored !== undefined && stored.dirtySince <= dirtySince) dirtyItems.remove([integrationId, externalId])
    },
    purge(integrationId, before) {
      const old = deliveries.allOf('integration', integrationId).filter((delivery) => delivery.receivedAt < before)
      for (const delivery of old) deliveries.remove([integrationId, delivery.id])
      return old.length
    },
  }
}

const oldestHintFirst: Order<DirtyItem> = {
  name: 'dirty',
  key: (item) => [item.dirtySince.getTime(), item.externalId],
}
