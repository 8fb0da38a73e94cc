import type {
  AiModel,
  AiUsage,
  Conflict,
  Content,
  ContentTaxonomy,
  ContentVersion,
  DirtyItem,
  DomainEvent,
  Image,
  Lease,
  Publication,
  PublishingSettings,
  PullState,
  PushIntent,
  QueueEntry,
  StoredAiSettings,
  StoredIntegration,
  StoredSite,
  SyncEvent,
  SyncLink,
  SyncRun,
  WebhookDelivery,
} from '@igny8/core'
import { Igny8Error } from '@igny8/core'
import { createMemoryTable, createSharedIndex, type TableDefinition } from './memory-table.ts'
import type { UndoLog } from './undo-log.ts'

/** All tables of one account. */
export type MemoryTables = ReturnType<typeof createMemoryTables>

/** When a site is to be looked at for what is to be published. */
export interface SiteWake {
  readonly siteId: string
  /** Grows with every write that concerns it. */
  readonly version: number
  readonly dueAt: Date
}

/** What is found across accounts without a scan. */
export type SharedIndexes = ReturnType<typeof createSharedIndexes>

/** Makes the empty indexes that the tables of all accounts have in common. */
export function createSharedIndexes() {
  return {
    integrationsById: createSharedIndex((row: StoredIntegration) => row.id),
    integrationsByUrl: createSharedIndex((row: StoredIntegration) => [row.platform, row.externalSiteUrl]),
  }
}

/** Makes the empty tables of an account: what is the key of what, and what is found without a scan. */
export function createMemoryTables(accountId: string, undoLog: UndoLog, shared: SharedIndexes) {
  function table<Row extends object, Index extends string = never, Unique extends string = never>(
    definition: TableDefinition<Row, Index, Unique>,
  ) {
    return createMemoryTable(accountId, undoLog, definition)
  }

  return {
    sites: table({ name: 'site', key: (row: StoredSite) => row.id, indexes: { url: (row) => row.url } }),
    integrations: table({
      name: 'integration',
      key: (row: StoredIntegration) => row.id,
      unique: { url: (row) => [row.platform, row.externalSiteUrl] },
      shared: [shared.integrationsById, shared.integrationsByUrl],
      taken: siteAlreadyConnected,
    }),
    contents: table({ name: 'content', key: (row: Content) => row.id, indexes: { site: (row) => row.siteId } }),
    history: table({
      name: 'content version',
      key: (row: ContentVersion) => [row.contentId, row.version],
      indexes: { content: (row) => row.contentId },
    }),
    taxonomies: table({
      name: 'taxonomy',
      key: (row: ContentTaxonomy) => row.id,
      indexes: { site: (row) => row.siteId },
    }),
    images: table({ name: 'image', key: (row: Image) => row.id, indexes: { site: (row) => row.siteId } }),
    links: table({
      name: 'link',
      key: (row: SyncLink) => [row.integrationId, row.kind, row.localId],
      indexes: {
        local: (row) => [row.kind, row.localId],
        integration: (row) => [row.integrationId, row.kind],
      },
      unique: { external: (row) => [row.integrationId, row.kind, row.externalId] },
    }),
    intents: table({
      name: 'push intent',
      key: (row: PushIntent) => [row.integrationId, row.contentId],
      indexes: { integration: (row) => row.integrationId },
    }),
    conflicts: table({
      name: 'conflict',
      key: (row: Conflict) => row.id,
      unique: { open: (row) => (row.status === 'open' ? [row.integrationId, row.contentId] : undefined) },
    }),
    pullStates: table({
      name: 'pull state',
      key: (row: PullState) => [row.integrationId, row.scope],
      indexes: { integration: (row) => row.integrationId },
    }),
    runs: table({
      name: 'sync run',
      key: (row: SyncRun) => row.id,
      indexes: { integration: (row) => row.integrationId, status: (row) => row.status },
    }),
    events: table({
      name: 'sync event',
      key: (row: SyncEvent) => row.id,
      indexes: { integration: (row) => row.integrationId },
    }),
    deliveries: table({
      name: 'webhook delivery',
      key: (row: WebhookDelivery) => [row.integrationId, row.id],
      indexes: { integration: (row) => row.integrationId },
    }),
    dirtyItems: table({
      name: 'dirty item',
      key: (row: DirtyItem) => [row.integrationId, row.externalId],
      indexes: { integration: (row) => row.integrationId },
    }),
    leases: table({ name: 'lease', key: (row: Lease) => row.key }),
    outbox: table({ name: 'outbox', key: (row: DomainEvent) => row.id }),
    publishingSettings: table({ name: 'publishing settings', key: (row: PublishingSettings) => row.siteId }),
    queue: table({
      name: 'queue entry',
      key: (row: QueueEntry) => row.contentId,
      indexes: { site: (row) => row.siteId },
    }),
    wakes: table({ name: 'wake', key: (row: SiteWake) => row.siteId }),
    publications: table({
      name: 'publication',
      key: (row: Publication) => row.contentId,
      indexes: { site: (row) => row.siteId },
    }),
    aiSettings: table({ name: 'AI settings', key: (row: StoredAiSettings) => row.accountId }),
    aiModels: table({ name: 'AI model', key: (row: AiModel) => row.id }),
    aiUsage: table({ name: 'AI usage', key: (row: AiUsage) => row.id }),
  }
}

function siteAlreadyConnected(row: StoredIntegration): Igny8Error {
  return new Igny8Error({
    code: 'SITE_ALREADY_CONNECTED',
    message: `This account has ${row.externalSiteUrl} on ${row.platform} already.`,
    hint: 'Use the integration that stands, or reconnect it.',
  })
}
