import type { JsonValue } from './json.ts'

/** How a body is written: blocks of the block editor, plain HTML, or Markdown, which is to be converted before it is pushed. */
export type BodyFormat = 'blocks' | 'html' | 'markdown'

/** The workflow here. What the site says is `SyncLink.remoteStatus`. */
export type ContentStatus = 'draft' | 'review' | 'approved' | 'scheduled' | 'publishing' | 'published' | 'failed'

/** What a person edits and sync compares: the hash, the versions and both bases cover exactly these. */
export interface ContentFields {
  readonly title: string
  readonly body: string
  readonly bodyFormat: BodyFormat
  readonly excerpt: string
  /** `null`: the platform chooses, and its answer is kept. */
  readonly slug: string | null
  /** Ids of `ContentTaxonomy`, without order. */
  readonly taxonomyIds: readonly string[]
  readonly featuredImageId: string | null
  readonly meta: Readonly<Record<string, JsonValue>>
}

/** A post, page, product or custom item. */
export interface Content extends ContentFields {
  readonly id: string
  readonly accountId: string
  readonly siteId: string
  readonly type: string
  readonly status: ContentStatus
  /** Where it was first written. */
  readonly origin: 'local' | 'remote'
  /** Published, with edits here that the site does not have yet. */
  readonly pendingChanges: boolean
  /** Hash of the fields that somebody approved; `null` when nothing is approved. */
  readonly approvedHash: string | null
  readonly approvedAt: Date | null
  /** Instant of publication on the site (the future one for scheduled posts of the site). */
  readonly publishedAt: Date | null
  /** Tombstone: removed here or gone on the site; the body is kept. */
  readonly removedAt: Date | null
  /** Grows by one with every write; `update` and `approve` compare against it. */
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A past state of a content, kept so that no edit is ever lost. */
export interface ContentVersion extends ContentFields {
  readonly accountId: string
  readonly contentId: string
  readonly version: number
  /** Who wrote it: the host's actor, or `site:<integrationId>` for edits that came from the site. */
  readonly actor: string
  readonly createdAt: Date
}
