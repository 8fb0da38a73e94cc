import type { Publication, QueueEntry } from '../model/publication.ts'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import type { Page, PageQuery } from './page.ts'

/** Publishing settings of one account; one row a site. */
export interface PublishingSettingsStore {
  get(siteId: string): Promise<PublishingSettings | undefined>
  /** Stores `defaults` where the site has none. Two callers at once get the same row. */
  getOrCreate(
    defaults: PublishingSettings,
  ): Promise<{ readonly settings: PublishingSettings; readonly created: boolean }>
  /** Compare-and-set on `version`. */
  update(settings: PublishingSettings, expectedVersion: number): Promise<boolean>
}

/** Contents waiting for their publication. */
export interface PublicationQueueStore {
  get(contentId: string): Promise<QueueEntry | undefined>
  /** In no particular order; those that do not wait are left out. */
  getMany(contentIds: readonly string[]): Promise<readonly QueueEntry[]>
  /** By priority (highest first), approval time, content id. */
  list(query: PageQuery & { readonly siteId: string }): Promise<Page<QueueEntry>>
  /** Inserts version 1, or replaces the version one lower. Returns whether it did. */
  put(entry: QueueEntry): Promise<boolean>
  /** Idempotent. */
  remove(contentId: string): Promise<void>
  /**
   * A number that grows with every write to the site's entries or publishing settings, each of which makes the site due for a look at once; 0 where there was none. Read it
   * before a look, and `sleep` after it.
   */
  readWake(siteId: string): Promise<number>
  /** Keeps the site from being due before `until`, unless something was written since `wake` was read. Returns whether it sleeps. */
  sleep(siteId: string, wake: number, until: Date): Promise<boolean>
}

/** What a limit counts in, by the site's calendar. */
export type QuotaPeriod = 'daily' | 'weekly' | 'monthly'

/** A calendar bucket: a local day, week or month as instants, `[from, to)`. */
export interface QuotaBucket {
  readonly period: QuotaPeriod
  readonly from: Date
  readonly to: Date
  /** `null` is unlimited. */
  readonly limit: number | null
}

/** A publication, and the buckets that it is to fit into. */
export interface ReserveInput {
  readonly publication: Publication
  /** The buckets that `publication.countedAt` falls into. */
  readonly buckets: readonly QuotaBucket[]
  /** Reserves past full buckets, with the reason recorded. */
  readonly forcedReason?: string
}

/** A reservation, new or standing, or the first bucket that is full. */
export type ReserveOutcome =
  | { readonly kind: 'reserved'; readonly publication: Publication }
  | { readonly kind: 'full'; readonly bucket: QuotaBucket; readonly used: number }

/** Quotas, counted. */
export interface PublicationLedger {
  /**
   * Reserves one publication inside all buckets, or says which is full.
   *
   * Atomic per site: two callers at the same moment never exceed a limit together. Again for the same content returns the
   * first reservation. `countedAt` decides, never the database's clock.
   */
  reserve(input: ReserveInput): Promise<ReserveOutcome>
  find(contentId: string): Promise<Publication | undefined>
  /** Those of these contents, in no particular order. */
  findMany(contentIds: readonly string[]): Promise<readonly Publication[]>
  /** Moves a reservation on; `countedAt` may move with it. Returns `false` where there is none. */
  settle(contentId: string, status: Exclude<Publication['status'], 'reserved'>, countedAt: Date): Promise<boolean>
  /** Gives the unit back after a proven failure. Idempotent. */
  release(contentId: string): Promise<void>
  /** Units with `countedAt` in `[from, to)`, oldest first. */
  listBetween(siteId: string, from: Date, to: Date): Promise<readonly Publication[]>
}
