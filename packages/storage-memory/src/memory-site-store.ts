import type { SiteStore } from '@igny8/core'
import { compareAndSet } from './compare-and-set.ts'
import { firstOf, type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemorySiteStore({ sites }: MemoryTables): Synchronous<SiteStore> {
  return {
    get: (siteId) => sites.get(siteId),
    findByUrl: (url) => firstOf(sites.allOf('url', url), 1, oldestFirst)[0],
    list: (query) => pageOf(sites.all(), query, oldestFirst),
    count: () => sites.all().length,
    insert: (site) => sites.insert(site),
    update: (site, expectedVersion) => compareAndSet(sites, site, expectedVersion),
  }
}

const oldestFirst: Order<{ readonly createdAt: Date; readonly id: string }> = {
  name: 'sites',
  key: (site) => [site.createdAt.getTime(), site.id],
}
