import type { SecretView } from './site.ts'
import type { SiteStructure } from './site-structure.ts'
import type { SyncSchedule } from './sync-schedule.ts'

/** Last outcome as stored; the status endpoint reads `pending` and `completed` as idle. */
export type StoredSyncStatus = 'pending' | 'syncing' | 'completed' | 'error'

/** What to do when both sides changed the same field. */
export type ConflictPolicy = 'ask' | 'local' | 'remote' | 'newest'

/** What happens on the site when content is removed here. */
export type DeletionPolicy = 'keep' | 'trash' | 'delete'

/** `config_json` of the spec: what was found on the site, and how to sync with it. */
export interface IntegrationConfig {
  /** `null` until the structure was read once. */
  readonly structure: SiteStructure | null
  /** Types that sync touches. `null`: every type of the structure. */
  readonly syncedTypes: readonly string[] | null
  /** @default 'ask' */
  readonly conflicts: ConflictPolicy
  /** @default 'keep' */
  readonly deletions: DeletionPolicy
  /** When it is synchronised by itself, while `syncEnabled`. @default every hour */
  readonly schedule: SyncSchedule
  /** Whether webhooks without a signature are accepted (as hints). @default false */
  readonly allowUnsignedWebhooks: boolean
}

/** A secret that a site signs its webhooks with. */
export interface StoredWebhookSecret {
  /** Ties the envelope to its field, `webhookSecrets.<id>`, whatever comes and goes beside it. */
  readonly id: string
  readonly envelope: string
  readonly createdAt: Date
}

/** A webhook secret as the API shows it. */
export interface WebhookSecretView extends SecretView {
  readonly id: string
  readonly createdAt: Date
}

/** The connection of one site to one platform. */
export interface StoredIntegration {
  readonly id: string
  readonly accountId: string
  readonly siteId: string
  readonly platform: string
  /** Normalised like `StoredSite.url`; unique per account and platform among those not removed. */
  readonly externalSiteUrl: string
  /** `false` stops everything. */
  readonly isActive: boolean
  /** `false` stops only scheduled sync. */
  readonly syncEnabled: boolean
  readonly lastSyncAt: Date | null
  readonly syncStatus: StoredSyncStatus
  readonly syncError: string | null
  readonly connectionStatus: 'connected' | 'error'
  readonly config: IntegrationConfig
  /** Envelope; for platforms whose credential does not live on the site. */
  readonly credentials: string | null
  /** Newest last, at most `keptWebhookSecrets`. */
  readonly webhookSecrets: readonly StoredWebhookSecret[]
  readonly pausedReason: string | null
  readonly pausedUntil: Date | null
  /** Until when the site is believed even where it looks emptied or restored, because a person said so; `null` otherwise. */
  readonly trustedUntil: Date | null
  /** When the scheduler looks at it next; `null` never. */
  readonly nextSyncAt: Date | null
  /** Set by remove: the row and its links stay dormant until the same site is connected again. */
  readonly removedAt: Date | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** An integration as the API shows it. */
export interface SiteIntegration extends Omit<StoredIntegration, 'credentials' | 'webhookSecrets'> {
  readonly credentials: SecretView
  readonly webhookSecrets: readonly WebhookSecretView[]
}
