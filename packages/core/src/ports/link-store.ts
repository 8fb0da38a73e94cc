import type { LinkKind, SyncLink } from '../model/sync-link.ts'
import type { Page, PageQuery } from './page.ts'
import type { RowChange } from './row-change.ts'

/** Which links are meant; what is left out does not matter. */
export interface LinkFilter {
  readonly integrationId: string
  readonly kind: LinkKind
  readonly externalType?: string | undefined
  /** `living` leaves tombstones out, `deleted` leaves only them. @default both */
  readonly state?: 'living' | 'deleted' | undefined
  /** Only tombstones of this instant and later. */
  readonly deletedSince?: Date | undefined
}

/** Links of one account between local rows and remote ones. */
export interface LinkStore {
  findByLocalIds(integrationId: string, kind: LinkKind, localIds: readonly string[]): Promise<readonly SyncLink[]>
  findByExternalIds(integrationId: string, kind: LinkKind, externalIds: readonly string[]): Promise<readonly SyncLink[]>
  /** All links of a local row, over all integrations. */
  listOfLocal(kind: LinkKind, localId: string): Promise<readonly SyncLink[]>
  /** By external id. */
  list(query: PageQuery & LinkFilter): Promise<Page<SyncLink>>
  count(filter: LinkFilter): Promise<number>
  /** Content links that were compared whole longest ago, at most `limit`, tombstones left out. */
  listLeastRecentlyVerified(integrationId: string, limit: number): Promise<readonly SyncLink[]>
  /** Notes that a sweep met these content links; their versions stay. Unknown ids are passed over. */
  markSeen(integrationId: string, externalIds: readonly string[], seenAt: Date): Promise<void>
  /** Living content links of a type that no sweep met at or after `before`, in a stable order, at most `limit`. */
  listUnseen(query: {
    readonly integrationId: string
    readonly externalType: string
    readonly before: Date
    readonly limit: number
  }): Promise<readonly SyncLink[]>
  /** Throws `STORAGE_FAILED` where either side is linked already within the integration and kind. */
  insert(links: readonly SyncLink[]): Promise<void>
  /** Compare-and-set on `version`. Returns whether it did. */
  update(link: SyncLink, expectedVersion: number): Promise<boolean>
  /**
   * `update` of each in one step. Returns of each whether it was replaced, in order. Throws `STORAGE_FAILED` where a link is named twice, or another
   * one, stored or among them, has its external id: two of them never swap.
   */
  updateMany(changes: readonly RowChange<SyncLink>[]): Promise<readonly boolean[]>
  /** Idempotent. */
  remove(integrationId: string, kind: LinkKind, localId: string): Promise<void>
}
