import type { PublicationQueueStore, PublishingSettingsStore, QueueEntry } from '@igny8/core'
import { compareAndSet, putVersion } from './compare-and-set.ts'
import { type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryPublishingSettingsStore({
  publishingSettings,
}: MemoryTables): Synchronous<PublishingSettingsStore> {
  return {
    get: (siteId) => publishingSettings.get(siteId),
    getOrCreate(defaults) {
      const created = publishingSettings.setIf(defaults, (stored) => stored === undefined)
      return { settings: publishingSettings.get(defaults.siteId) ?? defaults, created }
    },
    update: (settings, expectedVersion) => compareAndSet(publishingSettings, settings, expectedVersion),
  }
}

export function createMemoryPublicationQueueStore({ queue }: MemoryTables): Synchronous<PublicationQueueStore> {
  return {
    get: (contentId) => queue.get(contentId),
    getMany: (contentIds) => queue.getMany(contentIds),
    list: (query) => pageOf(queue.allOf('site', query.siteId), query, byPriority),
    put: (entry) => putVersion(queue, entry),
    remove: (contentId) => queue.remove(contentId),
  }
}

const byPriority: Order<QueueEntry> = {
  name: 'queue',
  key: (entry) => [-entry.priority, entry.approvedAt.getTime(), entry.contentId],
}
