import type { CallOptions } from './call-options.ts'
import type { RemoteContent, RemoteOutline } from './platform-content.ts'

/** A remote row that could not be read; it is reported and never stops the others. */
export interface RejectedRow {
  readonly externalId: string | null
  readonly problem: string
}

/** One answer to a read of many rows. */
export interface RemotePage<Row> {
  readonly rows: readonly Row[]
  readonly rejected: readonly RejectedRow[]
  /** Rows that match in all, where the platform tells. May count rows that the credential cannot see. */
  readonly total: number | null
  /** The server's clock when it answered. */
  readonly serverTime: Date
  /** Whether rows may follow. A short page is not the end where rows were hidden. */
  readonly more: boolean
}

/**
 * Reads of many items, in every status but trash unless said otherwise. No order but the documented one may be relied on, and rows
 * may come twice.
 */
export interface PlatformPull {
  /** Largest `limit`. */
  readonly maxPageSize: number
  /** Whole items by ascending external id, skipping `offset` rows. */
  listByExternalId(
    input: { readonly type: string; readonly offset: number; readonly limit: number },
    options?: CallOptions,
  ): Promise<RemotePage<RemoteContent>>
  /** Ids, modified times and statuses (trash included) by ascending external id, skipping `offset` rows. */
  listOutlines(
    input: { readonly type: string; readonly offset: number; readonly limit: number },
    options?: CallOptions,
  ): Promise<RemotePage<RemoteOutline>>
  /** Ids, modified times and statuses of the newest items first, by descending external id, skipping `offset` rows. */
  listNewest(
    input: { readonly type: string; readonly offset: number; readonly limit: number },
    options?: CallOptions,
  ): Promise<RemotePage<RemoteOutline>>
  /**
   * Ids, modified times and statuses (trash included) of what was modified at or after `since`, oldest first, without
   * `excludeIds`.
   */
  listModifiedSince(
    input: {
      readonly type: string
      readonly since: Date
      readonly excludeIds: readonly string[]
      readonly limit: number
    },
    options?: CallOptions,
  ): Promise<RemotePage<RemoteOutline>>
  /** The zone in which the platform keeps its times, as it is now; absent where they are absolute. */
  readonly readTimezone?: (options?: CallOptions) => Promise<string>
  /** Whole items by id, trash included; ids that do not exist are simply not among the rows. At most `maxPageSize`. */
  getMany(
    input: { readonly type: string; readonly externalIds: readonly string[] },
    options?: CallOptions,
  ): Promise<RemotePage<RemoteContent>>
}
