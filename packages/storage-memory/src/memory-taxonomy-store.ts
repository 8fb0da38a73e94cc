import type { ContentTaxonomy, TaxonomyFilter, TaxonomyStore } from '@igny8/core'
import { compareAndSet } from './compare-and-set.ts'
import { type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryTaxonomyStore({ taxonomies }: MemoryTables): Synchronous<TaxonomyStore> {
  const matching = (filter: TaxonomyFilter) =>
    (filter.siteId === undefined ? taxonomies.all() : taxonomies.allOf('site', filter.siteId)).filter(
      (row) =>
        (filter.type === undefined || row.type === filter.type) &&
        (filter.name === undefined || row.name.toLowerCase() === filter.name.toLowerCase()) &&
        (filter.includeRemoved === true || row.removedAt === null),
    )
  return {
    get: (taxonomyId) => taxonomies.get(taxonomyId),
    getMany: (taxonomyIds) => taxonomies.getMany(taxonomyIds),
    list: (query) => pageOf(matching(query), query, byName),
    count: (filter) => matching(filter).length,
    insert: (rows) => rows.forEach(taxonomies.insert),
    update: (taxonomy, expectedVersion) => compareAndSet(taxonomies, taxonomy, expectedVersion),
  }
}

const byName: Order<ContentTaxonomy> = { name: 'taxonomies', key: (taxonomy) => [taxonomy.name, taxonomy.id] }
