import type { Content, ContentStatus, ContentVersion } from '../model/content.ts'
import type { Page, PageQuery } from './page.ts'
import type { RowChange } from './row-change.ts'

/** Which contents are meant; what is left out does not matter. */
export interface ContentFilter {
  readonly siteId?: string | undefined
  readonly type?: string | undefined
  readonly status?: ContentStatus | undefined
  readonly origin?: 'local' | 'remote' | undefined
  readonly pendingChanges?: boolean | undefined
  /** Case-insensitive part of the title. */
  readonly search?: string | undefined
  /** Tombstones too. @default false */
  readonly includeRemoved?: boolean | undefined
}

/** What a list of contents is ordered by. */
export type ContentSort = 'createdAt' | 'updatedAt' | 'title'

/** Which contents, in which order, and which page of them. */
export interface ContentQuery extends ContentFilter, PageQuery {
  readonly sort: ContentSort
  readonly direction: 'asc' | 'desc'
}

/** Contents of one account. */
export interface ContentStore {
  /** Tombstones too; `undefined` for an unknown or foreign id. */
  get(contentId: string): Promise<Content | undefined>
  /** In no particular order; unknown ids are left out. */
  getMany(contentIds: readonly string[]): Promise<readonly Content[]>
  /** Keyset pages, stable while rows are added; ties broken by id. */
  list(query: ContentQuery): Promise<Page<Content>>
  count(filter: ContentFilter): Promise<number>
  /** Throws `STORAGE_FAILED` where the id is taken. */
  insert(contents: readonly Content[]): Promise<void>
  /**
   * Replaces the row if its stored version is `expectedVersion`; the row brings its new version. Returns whether it did.
   */
  update(content: Content, expectedVersion: number): Promise<boolean>
  /** `update` of each in one step. Returns of each whether it was replaced, in order. Throws `STORAGE_FAILED` where a row is named twice. */
  updateMany(changes: readonly RowChange<Content>[]): Promise<readonly boolean[]>
  /** What was written after `since`, oldest first: for hosts that edit behind our back. */
  listChangedSince(query: PageQuery & { readonly since: Date }): Promise<Page<Content>>
}

/** Every past version of every content. Append-only. */
export interface ContentHistoryStore {
  /** Writing a version that stands already changes nothing. */
  append(versions: readonly ContentVersion[]): Promise<void>
  get(contentId: string, version: number): Promise<ContentVersion | undefined>
  /** Newest first. */
  list(contentId: string, query: PageQuery): Promise<Page<ContentVersion>>
  /** Of each of the contents what was replaced at `since` or later, the newest first and at most `limit`; in no particular order of contents. */
  listSince(contentIds: readonly string[], since: Date, limit: number): Promise<readonly ContentVersion[]>
}
