import type { AiStore } from './ai-store.ts'
import type { AssetStore } from './asset-store.ts'
import type { ConflictStore } from './conflict-store.ts'
import type { ContentHistoryStore, ContentStore } from './content-store.ts'
import type { ImageStore } from './image-store.ts'
import type { IntegrationStore } from './integration-store.ts'
import type { LeaseStore } from './lease-store.ts'
import type { LinkStore } from './link-store.ts'
import type { OutboxStore } from './outbox-store.ts'
import type { PublicationLedger, PublicationQueueStore, PublishingSettingsStore } from './publishing-stores.ts'
import type { PullStateStore } from './pull-state-store.ts'
import type { PushIntentStore } from './push-intent-store.ts'
import type { SiteStore } from './site-store.ts'
import type { SyncEventStore } from './sync-event-store.ts'
import type { SyncRunStore } from './sync-run-store.ts'
import type { SystemStorage } from './system-storage.ts'
import type { TaxonomyStore } from './taxonomy-store.ts'
import type { WebhookStore } from './webhook-store.ts'

/** One object per aggregate, all of one account: a foreign row cannot even be asked for. */
export interface AccountStores {
  readonly sites: SiteStore
  readonly integrations: IntegrationStore
  readonly content: ContentStore
  readonly history: ContentHistoryStore
  readonly taxonomies: TaxonomyStore
  readonly images: ImageStore
  readonly links: LinkStore
  readonly intents: PushIntentStore
  readonly conflicts: ConflictStore
  readonly pullStates: PullStateStore
  readonly runs: SyncRunStore
  readonly events: SyncEventStore
  readonly webhooks: WebhookStore
  readonly leases: LeaseStore
  readonly outbox: OutboxStore
  readonly publishingSettings: PublishingSettingsStore
  readonly publicationQueue: PublicationQueueStore
  readonly publications: PublicationLedger
  readonly ai: AiStore
}

/** The stores of one account, and their transaction. Every method outside a transaction is atomic by itself. */
export interface AccountStorage extends AccountStores {
  /**
   * Runs `work` on stores whose writes become visible together when it resolves, or not at all when it rejects.
   *
   * Serialisable: what `work` read is still so when it commits. Use only the stores passed in, and never the network: an embedded
   * database has one connection. May run `work` again after a serialisation failure.
   */
  transaction<Result>(work: (stores: AccountStores) => Promise<Result>): Promise<Result>
  /** Where contents are in tables of the host, which it may edit past the SDK: every sync asks for what is to be made up for. */
  readonly hostTables?: {
    /** Brings rows there that a crash kept back. Idempotent. */
    handOverWaiting(): Promise<void>
  }
  /** Removes every row of the account, assets left out. Idempotent. */
  removeAll(): Promise<void>
}

/**
 * Where everything is kept. Rows go in and come out as plain data: changing an object afterwards changes nothing stored.
 *
 * A row handed to an account's store with another `accountId` is refused with `STORAGE_FAILED`.
 */
export interface Storage {
  /** Binds to an account. No I/O. */
  forAccount(accountId: string): AccountStorage
  /** What crosses accounts. */
  readonly system: SystemStorage
  /** Where bytes are kept, unless the host brings a store of its own. */
  readonly assets: AssetStore
  /** Brings the schema up to date; safe from several processes at once. Until then, calls throw `STORAGE_NOT_MIGRATED`. */
  migrate(): Promise<void>
  /** Releases what the storage opened itself. Idempotent. */
  close(): Promise<void>
}
