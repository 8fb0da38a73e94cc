import type { ContentFields } from '../model/content.ts'
import { pickContentFields } from '../model/content-fields.ts'
import { hashJson } from '../model/hash-json.ts'
import type { JsonObject } from '../model/json.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent, RemoteFields } from '../ports/platform-content.ts'

/** Theirs as fields, with the status: what `SyncLink.remoteBase` holds. */
export interface RemoteBase extends RemoteFields {
  readonly status: string
}

/** The synced state of a remote item. */
function readRemoteBase(remote: RemoteContent): RemoteBase {
  const { body, bodyFormat, excerpt, featuredMediaId, meta, slug, terms, title } = remote.fields
  // In the order in which they are hashed, which spares sorting them.
  return { body, bodyFormat, excerpt, featuredMediaId, meta, slug, status: remote.status, terms, title }
}

/** What tells an echo at one look. */
export function hashRemote(remote: RemoteContent): string {
  return hashJson(readRemoteBase(remote))
}

/** The part of a link that speaks of the remote side. */
export type Described = ReturnType<typeof describeRemote>

/**
 * The part of a link that speaks of the remote side, as of this answer. `serverTime` is the server's clock when it answered; `null`, as after a write,
 * leaves open whether the same stamp may hide a later edit, so that the item is read once more.
 */
export function describeRemote(remote: RemoteContent, now: Date, granularityMs: number, serverTime: Date | null) {
  return {
    externalId: remote.externalId,
    externalType: remote.type,
    remoteBase: readRemoteBase(remote) as unknown as JsonObject,
    remoteHash: hashRemote(remote),
    remoteModifiedAt: remote.modifiedAt,
    remoteStatus: remote.status,
    remoteUrl: remote.url,
    racy: serverTime === null || remote.modifiedAt.getTime() > serverTime.getTime() - 2 * granularityMs,
    verifiedAt: now,
    deletedAt: null as Date | null,
  } satisfies Partial<SyncLink>
}

/** Ours as last agreed, read back from the link. */
export function localBaseOf(link: SyncLink): ContentFields | null {
  return link.localBase as unknown as ContentFields | null
}

/** Theirs as last returned, read back from the link. */
export function remoteBaseOf(link: SyncLink): RemoteBase | null {
  return link.remoteBase as unknown as RemoteBase | null
}

/** Ours, in the form that a link keeps. */
export function toLocalBase(fields: ContentFields): JsonObject {
  return pickContentFields(fields) as unknown as JsonObject
}
