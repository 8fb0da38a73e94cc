import type { StoredIntegration } from '../model/site-integration.ts'
import type { SiteStructure } from '../model/site-structure.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { PlatformClient, PlatformTraits } from '../ports/platform-adapter.ts'
import type { AccountStorage, AccountStores } from '../ports/storage.ts'
import type { RunProgress } from './run-progress.ts'

/** What the steps of one run share. */
export interface SyncContext {
  readonly account: AccountContext
  readonly integration: StoredIntegration
  readonly structure: SiteStructure
  readonly traits: PlatformTraits
  readonly client: PlatformClient
  readonly progress: RunProgress
  readonly runId: string | null
  readonly actor: string
  readonly signal: AbortSignal
  /** External id → local id of the terms that this run has met, by type: what a term is here does not change. */
  readonly knownTerms: Map<string, Map<string, string>>
  /** A transaction for rows of one item alone. Where many are pushed side by side it is one for all of them; the work may run again. */
  readonly inTransaction: AccountStorage['transaction']
  /** Throws `LEASE_LOST` unless this work still holds its lease. Called first in every transaction: a late writer writes nothing. */
  guard(stores: AccountStores): Promise<void>
}
