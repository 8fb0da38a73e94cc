import type { Conflict } from '../model/conflict.ts'
import type { Page, PageQuery } from './page.ts'

/** Which conflicts are meant; what is left out does not matter. */
export interface ConflictFilter {
  readonly integrationId?: string | undefined
  readonly contentId?: string | undefined
  readonly status?: 'open' | 'resolved' | undefined
}

/** Conflicts of one account. */
export interface ConflictStore {
  get(conflictId: string): Promise<Conflict | undefined>
  findOpen(integrationId: string, contentId: string): Promise<Conflict | undefined>
  /** The open ones of these contents, in no particular order. */
  listOpen(integrationId: string, contentIds: readonly string[]): Promise<readonly Conflict[]>
  /** Oldest first. */
  list(query: ConflictFilter & PageQuery): Promise<Page<Conflict>>
  count(filter: ConflictFilter): Promise<number>
  /** Throws `STORAGE_FAILED` where one is open for this integration and content. */
  insert(conflict: Conflict): Promise<void>
  /** Compare-and-set on `version`. */
  update(conflict: Conflict, expectedVersion: number): Promise<boolean>
}
