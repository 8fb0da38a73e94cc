import type { AccountStorage, AccountStores, AssetStore, Storage } from '@igny8/core'
import { copyPlain } from './copy-plain.ts'
import { createMemoryAiStore } from './memory-ai-store.ts'
import { createMemoryAssetStore } from './memory-asset-store.ts'
import { createMemoryConflictStore } from './memory-conflict-store.ts'
import { createMemoryContentHistoryStore, createMemoryContentStore } from './memory-content-store.ts'
import { createMemoryImageStore } from './memory-image-store.ts'
import { createMemoryIntegrationStore } from './memory-integration-store.ts'
import { createMemoryLeaseStore } from './memory-lease-store.ts'
import { createMemoryLinkStore } from './memory-link-store.ts'
import { createMemoryOutboxStore } from './memory-outbox-store.ts'
import { createMemoryPublicationLedger } from './memory-publication-ledger.ts'
import { createMemoryPublicationQueueStore, createMemoryPublishingSettingsStore } from './memory-publishing-stores.ts'
import { createMemoryPullStateStore } from './memory-pull-state-store.ts'
import { createMemoryPushIntentStore } from './memory-push-intent-store.ts'
import { createMemorySession, liftStore, type RunCall, type Synchronous } from './memory-session.ts'
import { createMemorySiteStore } from './memory-site-store.ts'
import { createMemorySyncEventStore } from './memory-sync-event-store.ts'
import { createMemorySyncRunStore } from './memory-sync-run-store.ts'
import { createMemorySystemStorage } from './memory-system-storage.ts'
import { createMemoryTables, createSharedIndexes, type MemoryTables } from './memory-tables.ts'
import { createMemoryTaxonomyStore } from './memory-taxonomy-store.ts'
import { createMemoryWebhookStore } from './memory-webhook-store.ts'
import { createUndoLog } from './undo-log.ts'

/** How a storage in memory works. */
export interface MemoryStorageOptions {
  /**
   * Whether rows are copied as they come in and go out. Without copies everything goes faster, and nothing is checked: whoever changes a row that the storage was
   * given, or gave, changes what is stored. For programs that run so much that it counts, and have been tried with copies. @default true
   */
  readonly copyRows?: boolean
}

/**
 * Makes a storage that lives in this process and is gone with it: for tests and first steps.
 *
 * @example
 * const storage = createMemoryStorage()
 * await storage.migrate()
 * await storage.forAccount('acct_1').sites.count() // 0
 */
export function createMemoryStorage({ copyRows = true }: MemoryStorageOptions = {}): Storage {
  const undoLog = createUndoLog()
  const session = createMemorySession(undoLog, copyRows ? copyPlain : (value) => value)
  const accounts = new Map<string, MemoryTables>()
  const shared = createSharedIndexes()
  const opened = new Map<string, AccountStorage>()
  let lastToken = 0
  const nextToken = () => ++lastToken

  function tablesOf(accountId: string): MemoryTables {
    const tables = accounts.get(accountId) ?? createMemoryTables(accountId, undoLog, shared)
    accounts.set(accountId, tables)
    return tables
  }

  function open(accountId: string): AccountStorage {
    const tables = tablesOf(accountId)
    const stores = createStores(tables, nextToken)
    return {
      ...liftStores(stores, session.call),
      transaction: (work) => session.transaction((call) => work(liftAtUse(stores, call))),
      removeAll: () =>
        session.call(() => {
          for (const table of Object.values(tables)) table.clear()
        }),
    }
  }

  return {
    forAccount(accountId) {
      const known = opened.get(accountId) ?? open(accountId)
      opened.set(accountId, known)
      return known
    },
    system: liftStore(createMemorySystemStorage(accounts, shared), session.call),
    assets: afterMigration(createMemoryAssetStore(), session.call),
    async migrate() {
      session.migrate()
    },
    async close() {
      // Nothing was opened; whoever still holds the storage may go on.
    },
  }
}

type SynchronousStores = { readonly [Name in keyof AccountStores]: Synchronous<AccountStores[Name]> }

function createStores(tables: MemoryTables, nextToken: () => number): SynchronousStores {
  return {
    sites: createMemorySiteStore(tables),
    integrations: createMemoryIntegrationStore(tables),
    content: createMemoryContentStore(tables),
    history: createMemoryContentHistoryStore(tables),
    taxonomies: createMemoryTaxonomyStore(tables),
    images: createMemoryImageStore(tables),
    links: createMemoryLinkStore(tables),
    intents: createMemoryPushIntentStore(tables),
    conflicts: createMemoryConflictStore(tables),
    pullStates: createMemoryPullStateStore(tables),
    runs: createMemorySyncRunStore(tables),
    events: createMemorySyncEventStore(tables),
    webhooks: createMemoryWebhookStore(tables),
    leases: createMemoryLeaseStore(tables, nextToken),
    outbox: createMemoryOutboxStore(tables),
    publishingSettings: createMemoryPublishingSettingsStore(tables),
    publicationQueue: createMemoryPublicationQueueStore(tables),
    publications: createMemoryPublicationLedger(tables),
    ai: createMemoryAiStore(tables),
  }
}

function liftStores(stores: SynchronousStores, call: RunCall): AccountStores {
  const lifted = Object.entries(stores).map(([name, store]) => [name, liftStore(store as Synchronous<object>, call)])
  return Object.fromEntries(lifted) as AccountStores
}

/** Each store is made when it is first asked for: a transaction uses few of them. */
function liftAtUse(stores: SynchronousStores, call: RunCall): AccountStores {
  const lifted = new Map<string, object>()
  return new Proxy(stores, {
    get(_stores, name: keyof AccountStores) {
      const known = lifted.get(name) ?? liftStore(stores[name] as Synchronous<object>, call)
      lifted.set(name, known)
      return known
    },
  }) as unknown as AccountStores
}

/** Assets keep themselves; they only wait for the migration and for transactions like everything else. */
function afterMigration(assets: AssetStore, call: RunCall): AssetStore {
  const ready = () => call(() => undefined)
  return {
    put(input) {
      const copy = { ...input, bytes: input.bytes.slice() }
      return ready().then(() => assets.put(copy))
    },
    get: (input) => ready().then(() => assets.get(input)),
    remove: (input) => ready().then(() => assets.remove(input)),
    removeAll: (accountId) => ready().then(() => assets.removeAll(accountId)),
  }
}
