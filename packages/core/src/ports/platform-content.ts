import type { BodyFormat } from '../model/content.ts'
import type { JsonValue } from '../model/json.ts'
import type { CallOptions } from './call-options.ts'

/** What a remote status means for us. `unknown` is kept as it is and never read as "missing". */
export type RemoteState = 'published' | 'private' | 'scheduled' | 'draft' | 'pending' | 'trashed' | 'unknown'

/** The synced part of a remote item. */
export interface RemoteFields {
  readonly title: string
  readonly body: string
  readonly bodyFormat: BodyFormat
  readonly excerpt: string
  readonly slug: string
  /** External term ids by our taxonomy type, for the taxonomies that apply to the type; sorted. */
  readonly terms: Readonly<Record<string, readonly string[]>>
  readonly featuredMediaId: string | null
  readonly meta: Readonly<Record<string, JsonValue>>
}

/** What platforms keep revisions of. */
export type RemoteText = Pick<RemoteFields, 'title' | 'body' | 'excerpt'>

/** Enough of a remote item to see whether it must be read whole. */
export interface RemoteOutline {
  readonly externalId: string
  readonly type: string
  readonly modifiedAt: Date
  /** The platform's own name. */
  readonly status: string
  readonly state: RemoteState
}

/** An item as the platform holds it, whole. */
export interface RemoteContent extends RemoteOutline {
  readonly fields: RemoteFields
  /** Where people read it; `null` where it has no address yet. */
  readonly url: string | null
  /** Instant of publication, past or future; `null` where none is set. */
  readonly publishedAt: Date | null
}

/** What a write sets; absent fields stay as they are. */
export interface RemoteWrite {
  readonly title?: string
  readonly body?: string
  readonly excerpt?: string
  readonly slug?: string
  readonly terms?: Readonly<Record<string, readonly string[]>>
  /** `null` takes the image away. */
  readonly featuredMediaId?: string | null
  readonly meta?: Readonly<Record<string, JsonValue>>
  /** `scheduled`: the platform publishes it by itself at `publishAt`. Only for platforms with `futureDates`. */
  readonly state?: 'published' | 'draft' | 'scheduled'
  /** Instant of publication; `null` takes it away. Absent: the platform's to say. */
  readonly publishAt?: Date | null
}

/** The answer to a read of one item. `absent` is proof of deletion; anything short of proof throws. */
export type RemoteLookup = { readonly kind: 'found'; readonly content: RemoteContent } | { readonly kind: 'absent' }

/** One write among many. */
export type BatchOperation =
  | { readonly kind: 'create'; readonly type: string; readonly fields: RemoteWrite }
  | { readonly kind: 'update'; readonly type: string; readonly externalId: string; readonly fields: RemoteWrite }

/** What became of it; `error.effect` says whether it may be repeated. */
export type BatchOutcome =
  | { readonly kind: 'done'; readonly content: RemoteContent }
  | { readonly kind: 'failed'; readonly error: Error }

/** Reads and writes of single items. Writes are never repeated here; every failure carries `effect`. */
export interface PlatformContent {
  /**
   * Reads one item in any status, trash included.
   *
   * Throws rather than answer `absent` where authentication, routing or the answer's form leave a doubt.
   */
  get(input: { readonly type: string; readonly externalId: string }, options?: CallOptions): Promise<RemoteLookup>
  /** Creates one item and returns it as the platform holds it. */
  create(input: { readonly type: string; readonly fields: RemoteWrite }, options?: CallOptions): Promise<RemoteContent>
  /** Changes the given fields only and returns the item as the platform holds it. */
  update(
    input: { readonly type: string; readonly externalId: string; readonly fields: RemoteWrite },
    options?: CallOptions,
  ): Promise<RemoteContent>
  /**
   * Every item whose slug is the marker or what the platform made of it when it was taken or trashed, in every status, lowest id
   * first. Only for `createIdempotency: 'marker'`.
   */
  findByMarker(
    input: { readonly type: string; readonly marker: string },
    options?: CallOptions,
  ): Promise<readonly RemoteContent[]>
  /** Moves to the trash; already there is success. */
  trash(input: { readonly type: string; readonly externalId: string }, options?: CallOptions): Promise<void>
  /** Deletes for good; already gone is success. */
  delete(input: { readonly type: string; readonly externalId: string }, options?: CallOptions): Promise<void>
  /** Many writes in one request, an outcome each in the order given. A lost answer throws with `effect: 'unknown'` for all. */
  readonly batch?: {
    readonly maxOperations: number
    run(operations: readonly BatchOperation[], options?: CallOptions): Promise<readonly BatchOutcome[]>
  }
  /**
   * What a write of ours replaced: the newest revision of before it whose text is neither what the write left nor the item's present one. Edits that came after the write are no
   * matter of it. Where no revision has the text that it left, all count as of before it. `null`: none, or the platform keeps none.
   */
  readonly latestRevision?: (
    input: { readonly type: string; readonly externalId: string; readonly left: RemoteText },
    options?: CallOptions,
  ) => Promise<{ readonly externalId: string; readonly modifiedAt: Date; readonly fields: RemoteText } | null>
}
