import type { SyncRun } from '../model/sync-run.ts'
import type { Page, PageQuery } from './page.ts'

/** Synchronisations of one account. */
export interface SyncRunStore {
  get(runId: string): Promise<SyncRun | undefined>
  /** Newest first. */
  list(query: PageQuery & { readonly integrationId: string }): Promise<Page<SyncRun>>
  insert(run: SyncRun): Promise<void>
  /** Replaces a run that is still `running`. Returns `false` where it has ended or is unknown. */
  update(run: SyncRun): Promise<boolean>
}
