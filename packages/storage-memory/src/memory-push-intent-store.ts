import type { PushIntent, PushIntentStore } from '@igny8/core'
import { putVersion, putVersions } from './compare-and-set.ts'
import { firstOf, type Order } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { Key } from './memory-table.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryPushIntentStore({ intents }: MemoryTables): Synchronous<PushIntentStore> {
  return {
    find: (integrationId, contentId) => intents.get([integrationId, contentId]),
    findMany: (integrationId, contentIds) =>
      intents.getMany(contentIds.map((contentId): Key => [integrationId, contentId])),
    findByMarker: (integrationId, marker) =>
      intents.allOf('integration', integrationId).find((intent) => intent.marker === marker),
    listOfIntegration: (integrationId, limit) =>
      firstOf(intents.allOf('integration', integrationId), limit, oldestFirst),
    put: (intent) => putVersion(intents, intent),
    putMany: (rows) => putVersions(intents, rows, ({ integrationId, contentId }) => [integrationId, contentId]),
    remove: (integrationId, contentId) => intents.remove([integrationId, contentId]),
    removeMany(integrationId, contentIds) {
      for (const contentId of contentIds) intents.remove([integrationId, contentId])
    },
  }
}

const oldestFirst: Order<PushIntent> = {
  name: 'intents',
  key: (intent) => [intent.createdAt.getTime(), intent.contentId],
}
