import type { PublicationQueueStore, PublishingSettingsStore, QueueEntry } from '@igny8/core'
import { compareAndSet, putVersion } from './compare-and-set.ts'
import { type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

/** A write makes the site due at once, and those who looked before do not put it to sleep. */
function wakeSite(wakes: MemoryTables['wakes'], siteId: string): void {
  wakes.set({ siteId, version: (wakes.get(siteId)?.version ?? 0) + 1, dueAt: new Date(0) })
}

export function createMemoryPublishingSettingsStore({
  publishingSettings,
  wakes,
}: MemoryTables): Synchronous<PublishingSettingsStore> {
  return {
    get: (siteId) => publishingSettings.get(siteId),
    getOrCreate(defaults) {
      const created = publishingSettings.setIf(defaults, (stored) => stored === undefined)
      if (created) wakeSite(wakes, defaults.siteId)
      return { settings: publishingSettings.get(defaults.siteId) ?? defaults, created }
    },
    update(settings, expectedVersion) {
      const isUpdated = compareAndSet(publishingSettings, settings, expectedVersion)
      if (isUpdated) wakeSite(wakes, settings.siteId)
      return isUpdated
    },
  }
}

export function createMemoryPublicationQueueStore({ queue, wakes }: MemoryTables): Synchronous<PublicationQueueStore> {
  return {
    get: (contentId) => queue.get(contentId),
    getMany: (contentIds) => queue.getMany(contentIds),
    list: (query) => pageOf(queue.allOf('site', query.siteId), query, byPriority),
    put(entry) {
      const isPut = putVersion(queue, entry)
      if (isPut) wakeSite(wakes, entry.siteId)
      return isPut
    },
    remove(contentId) {
      const entry = queue.get(contentId)
      if (entry === undefined) return
      queue.remove(contentId)
      wakeSite(wakes, entry.siteId)
    },
    readWake: (siteId) => wakes.get(siteId)?.version ?? 0,
    sleep: (siteId, wake, until) =>
      wakes.get(siteId)?.version === wake && wakes.setIf({ siteId, version: wake, dueAt: until }, () => true),
  }
}

const byPriority: Order<QueueEntry> = {
  name: 'queue',
  key: (entry) => [-entry.priority, entry.approvedAt.getTime(), entry.contentId],
}
