import type { Publication, PublicationLedger } from '@igny8/core'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryPublicationLedger({ publications }: MemoryTables): Synchronous<PublicationLedger> {
  const unitsBetween = (siteId: string, from: Date, to: Date): Publication[] =>
    publications.allOf('site', siteId).filter((unit) => from <= unit.countedAt && unit.countedAt < to)

  return {
    reserve({ publication, buckets, forcedReason }) {
      const first = publications.get(publication.contentId)
      if (first !== undefined) return { kind: 'reserved', publication: first }
      for (const bucket of buckets) {
        const used = unitsBetween(publication.siteId, bucket.from, bucket.to).length
        if (bucket.limit === null || used < bucket.limit) continue
        if (forcedReason === undefined) return { kind: 'full', bucket, used }
        const forced = { ...publication, forcedReason }
        publications.insert(forced)
        return { kind: 'reserved', publication: forced }
      }
      publications.insert(publication)
      return { kind: 'reserved', publication }
    },
    find: (contentId) => publications.get(contentId),
    findMany: (contentIds) => publications.getMany(contentIds),
    settle(contentId, status, countedAt) {
      const unit = publications.get(contentId)
      if (unit === undefined) return false
      publications.set({ ...unit, status, countedAt, updatedAt: countedAt })
      return true
    },
    release: (contentId) => publications.remove(contentId),
    listBetween: (siteId, from, to) =>
      unitsBetween(siteId, from, to).sort((left, right) => left.countedAt.getTime() - right.countedAt.getTime()),
  }
}
