import type { AccountStores } from '@igny8/core'
import type { AccountScope } from './account-scope.ts'
import { createAiStore } from './ai-store.ts'
import { createConflictStore } from './conflict-store.ts'
import { createContentHistoryStore } from './content-history-store.ts'
import { createContentStore } from './content-store.ts'
import { createImageStore } from './image-store.ts'
import { createIntegrationStore } from './integration-store.ts'
import { createLeaseStore } from './lease-store.ts'
import { createLinkStore } from './link-store.ts'
import { createOutboxStore } from './outbox-store.ts'
import { createPublicationLedger } from './publication-ledger.ts'
import { createPublicationQueueStore, createPublishingSettingsStore } from './publishing-stores.ts'
import { createPullStateStore } from './pull-state-store.ts'
import { createPushIntentStore } from './push-intent-store.ts'
import { createSiteStore } from './site-store.ts'
import { createSyncEventStore } from './sync-event-store.ts'
import { createSyncRunStore } from './sync-run-store.ts'
import { createTaxonomyStore } from './taxonomy-store.ts'
import { createWebhookStore } from './webhook-store.ts'

/** Every store of an account, on one session. */
export function createAccountStores(scope: AccountScope): AccountStores {
  return {
    sites: createSiteStore(scope),
    integrations: createIntegrationStore(scope),
    content: createContentStore(scope),
    history: createContentHistoryStore(scope),
    taxonomies: createTaxonomyStore(scope),
    images: createImageStore(scope),
    links: createLinkStore(scope),
    intents: createPushIntentStore(scope),
    conflicts: createConflictStore(scope),
    pullStates: createPullStateStore(scope),
    runs: createSyncRunStore(scope),
    events: createSyncEventStore(scope),
    webhooks: createWebhookStore(scope),
    leases: createLeaseStore(scope),
    outbox: createOutboxStore(scope),
    publishingSettings: createPublishingSettingsStore(scope),
    publicationQueue: createPublicationQueueStore(scope),
    publications: createPublicationLedger(scope),
    ai: createAiStore(scope),
  }
}
