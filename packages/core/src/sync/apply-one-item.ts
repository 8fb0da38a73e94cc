import { versionConflict } from '../errors/not-found.ts'
import type { Conflict, ConflictField } from '../model/conflict.ts'
import type { Content, ContentFields } from '../model/content.ts'
import { hashContentFields } from '../model/content-fields.ts'
import type { SyncEvent } from '../model/sync-event.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { AccountStores } from '../ports/storage.ts'
import type { ItemOutcome, ItemState } from './apply-remote-items.ts'
import { mapRemoteStateToStatus } from './map-remote-to-fields.ts'
import type { ConflictSide } from './merge-fields.ts'
import type { PageWrites } from './page-writes.ts'
import { type Described, hashRemote, toLocalBase } from './remote-base.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'

/** A remote item as new content, with its link and event. */
export function createPulled(
  sync: SyncContext,
  writes: PageWrites,
  remote: RemoteContent,
  theirs: ContentFields,
  described: Described,
): void {
  const { account, integration } = sync
  const now = account.clock.now()
  const status = mapRemoteStateToStatus(remote.state) ?? 'draft'
  const live = status === 'published' || status === 'scheduled'
  const content: Content = {
    ...theirs,
    id: account.newId(),
    accountId: account.accountId,
    siteId: integration.siteId,
    type: remote.type,
    status,
    origin: 'remote',
    pendingChanges: false,
    approvedHash: live ? hashContentFields(theirs) : null,
    approvedAt: live ? now : null,
    publishedAt: remote.publishedAt,
    removedAt: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
  const link: SyncLink = {
    ...described,
    accountId: account.accountId,
    integrationId: integration.id,
    kind: 'content',
    localId: content.id,
    localBase: toLocalBase(theirs),
    seenAt: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
  writes.newContents.push(content)
  writes.newLinks.push(link)
  writes.events.push(newPullEvent(sync, remote, content.id, { outcome: 'created' }))
}

/** Trashed on the site, unedited here: a tombstone, its body kept. */
export async function removePulled(
  sync: SyncContext,
  stores: AccountStores,
  state: ItemState,
  described: Described,
): Promise<ItemOutcome> {
  const { remote, link, content } = state
  if (link === undefined || content === undefined) return 'skipped'
  if (!(await closeVanished(sync, stores, state))) return 'conflicts'
  const now = described.verifiedAt
  await stores.links.update(
    { ...link, ...described, deletedAt: link.deletedAt ?? now, version: link.version + 1, updatedAt: now },
    link.version,
  )
  if (content.removedAt !== null) return 'unchanged'
  await stores.content.update(
    { ...content, removedAt: now, version: content.version + 1, updatedAt: now },
    content.version,
  )
  await stores.events.append([newPullEvent(sync, remote, content.id, { outcome: 'deleted' })])
  return 'deleted'
}

/**
 * Keeps base, ours and theirs; a later remote edit, or an edit here, updates the open one. The content and the bases stay as they are. What
 * a push overwrote stays in the conflict until somebody has decided about it.
 */
export async function recordConflict(
  sync: SyncContext,
  stores: AccountStores,
  { remote, content, link }: Pick<ItemState, 'remote' | 'content' | 'link'>,
  fields: readonly ConflictField[],
): Promise<ItemOutcome> {
  if (content === undefined) return 'skipped'
  const { account, integration } = sync
  const now = account.clock.now()
  const seen = { contentVersion: content.version, remoteHash: hashRemote(remote), updatedAt: now }
  const open = await stores.conflicts.findOpen(integration.id, content.id)
  if (open !== undefined) {
    if (link !== undefined && isOfOverwritten(open, link)) return 'conflicts'
    const isSame = open.remoteHash === seen.remoteHash && open.contentVersion === seen.contentVersion
    const others = isSame ? open.fields.filter(({ field }) => !fields.some((one) => one.field === field)) : []
    if (isSame && others.length === open.fields.length - fields.length) return 'conflicts'
    const next = { ...open, ...seen, fields: [...others, ...fields], version: open.version + 1 }
    await stores.conflicts.update(next, open.version)
    return 'conflicts'
  }
  const conflict: Conflict = {
    ...seen,
    fields,
    id: account.newId(),
    accountId: account.accountId,
    integrationId: integration.id,
    contentId: content.id,
    externalId: remote.externalId,
    status: 'open',
    resolution: null,
    resolvedBy: null,
    resolvedAt: null,
    version: 1,
    createdAt: now,
  }
  const names = fields.map(({ field }) => field).join(',')
  await stores.conflicts.insert(conflict)
  await stores.outbox.append([
    account.newEvent('conflict.opened', conflict.id, { contentId: content.id, fields: names }),
  ])
  await stores.events.append([newPullEvent(sync, remote, content.id, { outcome: 'conflict', fields: names })])
  return 'conflicts'
}

/**
 * Whether a conflict is about a text that our own push replaced: nothing differs between the sides, which is why it holds the state that the link agreed to.
 * Only a person ends it, and until then nothing moves the link.
 */
export function isOfOverwritten(conflict: Conflict, link: SyncLink): boolean {
  return conflict.remoteHash === link.remoteHash
}

/** Ends the open conflict of an item that is in conflict no more, or whose sides somebody has taken. False where it has to stay. */
export async function closeVanished(
  sync: SyncContext,
  stores: AccountStores,
  { link, open, decisions = {} }: ItemState,
): Promise<boolean> {
  if (link === undefined || open === undefined) return true
  if (isOfOverwritten(open, link)) return false
  await closeConflict(sync, stores, open, decisions)
  return true
}

/** Ends a conflict, with the sides that were taken; none where it ended by itself. */
export async function closeConflict(
  sync: SyncContext,
  stores: AccountStores,
  conflict: Conflict,
  resolution: Readonly<Record<string, ConflictSide>>,
): Promise<void> {
  const { account, actor } = sync
  const now = account.clock.now()
  const ended = { status: 'resolved', resolution, resolvedBy: actor, resolvedAt: now, updatedAt: now } as const
  const isEnded = await stores.conflicts.update(
    { ...conflict, ...ended, version: conflict.version + 1 },
    conflict.version,
  )
  if (!isEnded) throw versionConflict('conflict', conflict.id)
  const data = { contentId: conflict.contentId, actor }
  await stores.outbox.append([account.newEvent('conflict.resolved', conflict.id, data)])
}

/** Tells what became of an item that was read from the site. */
export function newPullEvent(
  sync: SyncContext,
  remote: RemoteContent,
  contentId: string,
  metadata: Record<string, string>,
): SyncEvent {
  return newSyncEvent(sync.account, {
    integrationId: sync.integration.id,
    runId: sync.runId,
    eventType: 'content_pull',
    direction: 'inbound',
    contentType: remote.type,
    contentId,
    externalId: remote.externalId,
    actor: sync.actor,
    metadata: { ...metadata, remoteStatus: remote.status },
  })
}
