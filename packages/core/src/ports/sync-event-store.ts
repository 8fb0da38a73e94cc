import type { SyncEvent } from '../model/sync-event.ts'
import type { Page, PageQuery } from './page.ts'

/** Which events are meant; what is left out does not matter. */
export interface SyncEventFilter {
  readonly integrationId?: string | undefined
  readonly contentId?: string | undefined
  readonly runId?: string | undefined
  readonly status?: SyncEvent['status'] | undefined
  readonly since?: Date | undefined
}

/** The log of one account's syncs. Append-only. */
export interface SyncEventStore {
  append(events: readonly SyncEvent[]): Promise<void>
  /** Newest first. */
  list(query: SyncEventFilter & PageQuery): Promise<Page<SyncEvent>>
  count(filter: SyncEventFilter): Promise<number>
}
