import type { Conflict, ConflictField } from '../model/conflict.ts'
import type { Content, ContentFields } from '../model/content.ts'
import { type ContentFieldName, hashContentFields, pickContentFields } from '../model/content-fields.ts'
import { isApproved } from '../model/content-workflow.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { AccountStores } from '../ports/storage.ts'
import type { ItemOutcome, ItemState } from './apply-remote-items.ts'
import { mapRemoteStateToStatus } from './map-remote-to-fields.ts'
import { type describeRemote, hashRemote, toLocalBase } from './remote-base.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'

type Described = ReturnType<typeof describeRemote>

/** Writes a remote item as new content, with its link and event. */
export async function createPulled(
  sync: SyncContext,
  stores: AccountStores,
  remote: RemoteContent,
  theirs: ContentFields,
  described: Described,
): Promise<void> {
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
  await stores.content.insert([content])
  await stores.links.insert([
    {
      ...described,
      accountId: account.accountId,
      integrationId: integration.id,
      kind: 'content',
      localId: content.id,
      localBase: toLocalBase(theirs),
      version: 1,
      createdAt: now,
      updatedAt: now,
    },
  ])
  await logPull(sync, stores, remote, content.id, { outcome: 'created' })
}

/** Takes their changes; the approval is carried over, because what changed is live on the site already. */
export async function mergePulled(
  sync: SyncContext,
  stores: AccountStores,
  state: ItemState,
  fields: ContentFields,
  taken: readonly ContentFieldName[],
  theirs: ContentFields,
  described: Described,
): Promise<ItemOutcome> {
  const { remote, link, content } = state
  if (link === undefined || content === undefined) return 'skipped'
  const now = described.verifiedAt
  const merged = { ...content, ...pickContentFields(fields) }
  const status = statusAfterPull(content, remote)
  const moved = taken.length > 0 || status !== content.status || content.removedAt !== null
  if (moved) {
    const next: Content = {
      ...merged,
      status,
      approvedHash: isApproved(content) ? hashContentFields(merged) : content.approvedHash,
      publishedAt: remote.publishedAt,
      removedAt: null,
      version: content.version + 1,
      updatedAt: now,
    }
    await stores.content.update(next, content.version)
    await stores.history.append([
      {
        ...pickContentFields(content),
        accountId: content.accountId,
        contentId: content.id,
        version: content.version,
        actor: `site:${sync.integration.id}`,
        createdAt: now,
      },
    ])
    if (isApproved(content) && taken.length > 0) {
      await stores.outbox.append([
        sync.account.newEvent('content.approval_carried', content.id, { fields: taken.join(',') }),
      ])
    }
  }
  const localBase = toLocalBase(agreedBase(link, theirs, taken, merged))
  await stores.links.update(
    { ...link, ...described, localBase, version: link.version + 1, updatedAt: now },
    link.version,
  )
  if (moved) await logPull(sync, stores, remote, content.id, { outcome: 'updated', fields: taken.join(',') })
  return moved ? 'updated' : 'unchanged'
}

/** Ours as agreed: fields taken from them are theirs now, all others stay what we sent. */
function agreedBase(
  link: SyncLink,
  theirs: ContentFields,
  taken: readonly ContentFieldName[],
  merged: ContentFields,
): ContentFields {
  const before = (link.localBase ?? pickContentFields(merged)) as unknown as ContentFields
  return { ...before, ...Object.fromEntries(taken.map((name) => [name, theirs[name]])) }
}

/** Publishing or unpublishing on the site moves our status too, unless a push of ours is under way. */
function statusAfterPull(content: Content, remote: RemoteContent): Content['status'] {
  if (content.status === 'publishing') return content.status
  const theirs = mapRemoteStateToStatus(remote.state)
  if (theirs === 'published' || theirs === 'scheduled') return theirs
  if (theirs === 'draft' && (content.status === 'published' || content.status === 'scheduled')) return 'draft'
  return content.status
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
  const now = described.verifiedAt
  await stores.links.update(
    { ...link, ...described, deletedAt: now, version: link.version + 1, updatedAt: now },
    link.version,
  )
  if (content.removedAt !== null) return 'unchanged'
  await stores.content.update(
    { ...content, removedAt: now, version: content.version + 1, updatedAt: now },
    content.version,
  )
  await logPull(sync, stores, remote, content.id, { outcome: 'deleted' })
  return 'deleted'
}

/** Keeps base, ours and theirs; a later remote edit updates the open one. The content and the bases stay as they are. */
export async function recordConflict(
  sync: SyncContext,
  stores: AccountStores,
  state: ItemState,
  fields: readonly ConflictField[],
): Promise<ItemOutcome> {
  const { remote, content } = state
  if (content === undefined) return 'skipped'
  const { account, integration } = sync
  const now = account.clock.now()
  const open = await stores.conflicts.findOpen(integration.id, content.id)
  const seen = { fields, contentVersion: content.version, remoteHash: hashRemote(remote), updatedAt: now }
  if (open !== undefined) {
    if (open.remoteHash === seen.remoteHash && open.contentVersion === seen.contentVersion) return 'conflicts'
    await stores.conflicts.update({ ...open, ...seen, version: open.version + 1 }, open.version)
    return 'conflicts'
  }
  const conflict: Conflict = {
    ...seen,
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
  await stores.conflicts.insert(conflict)
  await stores.outbox.append([
    account.newEvent('conflict.opened', conflict.id, {
      contentId: content.id,
      fields: fields.map((field) => field.field).join(','),
    }),
  ])
  await logPull(sync, stores, remote, content.id, {
    outcome: 'conflict',
    fields: fields.map((field) => field.field).join(','),
  })
  return 'conflicts'
}

async function logPull(
  sync: SyncContext,
  stores: AccountStores,
  remote: RemoteContent,
  contentId: string,
  metadata: Record<string, string>,
): Promise<void> {
  await stores.events.append([
    newSyncEvent(sync.account, {
      integrationId: sync.integration.id,
      runId: sync.runId,
      eventType: 'content_pull',
      direction: 'inbound',
      contentType: remote.type,
      contentId,
      externalId: remote.externalId,
      actor: sync.actor,
      metadata: { ...metadata, remoteStatus: remote.status },
    }),
  ])
}
