import type { DirtyItem, WebhookDelivery, WebhookStore } from '@igny8/core'
import { firstOf, type Order } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryWebhookStore({ deliveries, dirtyItems }: MemoryTables): Synchronous<WebhookStore> {
  function flag({ integrationId, externalId, externalType, receivedAt }: WebhookDelivery): void {
    const standing = dirtyItems.get([integrationId, externalId])?.dirtySince.getTime() ?? -Infinity
    const dirtySince = new Date(Math.max(receivedAt.getTime(), standing + 1))
    dirtyItems.set({ integrationId, externalId, externalType, dirtySince, retryAt: null })
  }
  return {
    record(delivery) {
      if (!deliveries.setIf(delivery, (stored) => stored === undefined)) return 'duplicate'
      flag(delivery)
      return 'recorded'
    },
    listDirty: (integrationId, limit) =>
      firstOf(dirtyItems.allOf('integration', integrationId), limit, oldestHintFirst),
    listDueDirty: (integrationId, now, limit) =>
      firstOf(
        dirtyItems.allOf('integration', integrationId).filter((item) => isDue(item, now)),
        limit,
        oldestHintFirst,
      ),
    postponeDirty(integrationId, externalId, dirtySince, retryAt) {
      const stored = dirtyItems.get([integrationId, externalId])
      if (stored !== undefined && stored.dirtySince <= dirtySince) dirtyItems.set({ ...stored, retryAt })
    },
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

/** Whether it is time to try the item. */
export function isDue({ retryAt }: DirtyItem, now: Date): boolean {
  return retryAt === null || retryAt <= now
}

const oldestHintFirst: Order<DirtyItem> = {
  name: 'dirty',
  key: (item) => [item.dirtySince.getTime(), item.externalId],
}
