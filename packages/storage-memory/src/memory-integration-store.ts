import type { IntegrationFilter, IntegrationStore, StoredIntegration } from '@igny8/core'
import { compareAndSet } from './compare-and-set.ts'
import { type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryIntegrationStore({ integrations }: MemoryTables): Synchronous<IntegrationStore> {
  const matching = (filter: IntegrationFilter) =>
    integrations
      .all()
      .filter(
        (row) =>
          (filter.siteId === undefined || row.siteId === filter.siteId) &&
          (filter.platform === undefined || row.platform === filter.platform) &&
          (filter.includeRemoved === true || row.removedAt === null),
      )
  return {
    get: (integrationId) => integrations.get(integrationId),
    findByUrl: (platform, externalSiteUrl) => integrations.find('url', [platform, externalSiteUrl]),
    list: (query) => pageOf(matching(query), query, oldestFirst),
    count: (filter) => matching(filter).length,
    insert: (integration) => integrations.insert(integration),
    update: (integration, expectedVersion) => compareAndSet(integrations, integration, expectedVersion),
  }
}

const oldestFirst: Order<StoredIntegration> = {
  name: 'integrations',
  key: (integration) => [integration.createdAt.getTime(), integration.id],
}
