import type { ConflictField } from '../model/conflict.ts'
import type { Content } from '../model/content.ts'
import { hashContentFields, pickContentFields } from '../model/content-fields.ts'
import { isApproved } from '../model/content-workflow.ts'
import { type PushIntent, takesBack } from '../model/push-intent.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { AccountStores } from '../ports/storage.ts'
import { recordConflict } from './apply-one-item.ts'
import { applyRemoteItems } from './apply-remote-items.ts'
import type { ReadBackDifference } from './build-remote-write.ts'
import { endIntent } from './end-intent.ts'
import { chosenSlug } from './map-remote-to-fields.ts'
import { describeRemote, hashRemote, toLocalBase } from './remote-base.ts'
import { resolveLocalIds } from './resolve-local-ids.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'

export interface PushCommit {
  /** The version that was sent. */
  readonly content: Content
  readonly link: SyncLink
  readonly intent: PushIntent
  /** The item as the site answered. */
  readonly remote: RemoteContent
  /** The part of the answer that both sides agree on. */
  readonly agreed: RemoteContent
  readonly as: PushIntent['as']
  readonly action: 'created' | 'updated' | 'unchanged'
  readonly differences: readonly ReadBackDifference[]
  /** Their text that our write replaced unseen. */
  readonly overwritten: readonly ConflictField[]
}

/**
 * One transaction: both bases, link, event, status, intent cleared. The base "ours" is the version that was sent, not the head: an
 * edit made meanwhile stays pending. What the answer holds beyond what we sent is theirs, and goes through the same plan as in a pull.
 */
export async function commitPush(sync: SyncContext, commit: PushCommit): Promise<void> {
  const { account, integration } = sync
  const { content, remote } = commit
  const foreign = hashRemote(remote) === hashRemote(commit.agreed) ? null : await resolveLocalIds(sync, [remote])
  const isAlone = foreign !== null || commit.overwritten.length > 0
  const transaction = isAlone ? account.storage.transaction : sync.inTransaction
  await transaction(async (stores) => {
    await sync.guard(stores)
    const { sent, moved } = await settleContent(sync, stores, commit)
    await settleLink(sync, stores, commit, sent)
    await stores.events.append([pushEvent(sync, commit)])
    await settleIntent(sync, stores, commit.intent)
    if (foreign !== null) await applyRemoteItems(sync, stores, [remote], foreign, null, null)
    if (commit.overwritten.length > 0) await keepOverwritten(sync, stores, commit)
    await account.publications.found(stores, moved, { isTold: commit.as === 'publish' })
    const { externalId, url } = remote
    const data = { integrationId: integration.id, externalId, url }
    if (commit.as === 'publish') await stores.outbox.append([account.newEvent('content.published', content.id, data)])
    if (commit.as === 'unpublish')
      await stores.outbox.append([account.newEvent('content.unpublished', content.id, data)])
  })
  account.committed()
}

/** Moves the head's status; a slug that the site chose becomes ours where we had none. Returns what counts as sent, and the head where it was written. */
async function settleContent(
  sync: SyncContext,
  stores: AccountStores,
  commit: PushCommit,
): Promise<{ readonly sent: Content; readonly moved: readonly Content[] }> {
  const { content, agreed } = commit
  const head = (await stores.content.get(content.id)) ?? content
  const slug = content.slug ?? chosenSlug(agreed.fields.slug)
  const sent = { ...content, slug }
  const headSlug = head.slug ?? slug
  const edited = hashContentFields({ ...head, slug: headSlug }) !== hashContentFields(sent)
  const published = agreed.state === 'published' || agreed.state === 'private'
  const next: Content = {
    ...head,
    slug: headSlug,
    status: takesBack(commit.as) && (await waitsAgain(stores, head.id)) ? head.status : settledStatus(head, commit),
    pendingChanges: published && edited,
    approvedHash: edited || takesBack(commit.as) ? head.approvedHash : hashContentFields(sent),
    publishedAt: publishedAtAfter(head, agreed, sync.account.clock.now()),
    version: head.version + 1,
    updatedAt: sync.account.clock.now(),
  }
  const isMoved =
    next.slug !== head.slug ||
    next.status !== head.status ||
    next.pendingChanges !== head.pendingChanges ||
    ((agreed.state === 'scheduled' || takesBack(commit.as)) &&
      next.publishedAt?.getTime() !== head.publishedAt?.getTime())
  if (isMoved) await stores.content.update(next, head.version)
  return { sent, moved: isMoved ? [next] : [] }
}

/** A date that the site does not have any more is none. */
function publishedAtAfter({ publishedAt }: Content, agreed: RemoteContent, now: Date): Date | null {
  if (agreed.state === 'published' || agreed.state === 'private') return agreed.publishedAt ?? now
  if (agreed.state === 'scheduled') return agreed.publishedAt
  return publishedAt !== null && publishedAt > now ? null : publishedAt
}

function settledStatus(head: Content, { as, agreed }: PushCommit): Content['status'] {
  if (agreed.state === 'published' || agreed.state === 'private') return 'published'
  if (agreed.state === 'scheduled') return 'scheduled'
  if (takesBack(as) && isApproved(head)) return 'approved'
  return as === 'unpublish' || (as === 'unschedule' && head.status === 'scheduled') ? 'draft' : head.status
}

/** Whether somebody has seen it given up before this, and it waits in the plan again. */
async function waitsAgain(stores: AccountStores, contentId: string): Promise<boolean> {
  const [unit, entry] = [await stores.publications.find(contentId), await stores.publicationQueue.get(contentId)]
  return unit?.status !== 'handed-over' && entry?.status === 'queued'
}

async function settleLink(sync: SyncContext, stores: AccountStores, commit: PushCommit, sent: Content): Promise<void> {
  const { link, agreed } = commit
  const now = sync.account.clock.now()
  const described = describeRemote(agreed, now, sync.traits.timeGranularityMs, null)
  const localBase = toLocalBase(pickContentFields(sent))
  const next = { ...link, ...described, localBase, version: link.version + 1, updatedAt: now }
  await stores.links.update(next, link.version)
}

async function settleIntent(sync: SyncContext, stores: AccountStores, intent: PushIntent): Promise<void> {
  const standing = await stores.intents.find(intent.integrationId, intent.contentId)
  // Somebody removed the content, meanwhile or before: what they want done is still to be done.
  const isOurs = standing?.version === intent.version && intent.action !== 'remove'
  if (isOurs) await endIntent(stores, intent, sync.account.clock.now())
}

/** Their text is on the site no more; a person decides whether it comes back. */
async function keepOverwritten(sync: SyncContext, stores: AccountStores, commit: PushCommit): Promise<void> {
  const content = await stores.content.get(commit.content.id)
  if (content === undefined) return
  await recordConflict(sync, stores, { remote: commit.remote, link: commit.link, content }, commit.overwritten)
}

function pushEvent(sync: SyncContext, commit: PushCommit) {
  const { content, remote, differences } = commit
  return newSyncEvent(sync.account, {
    integrationId: sync.integration.id,
    runId: sync.runId,
    eventType: 'content_push',
    direction: 'outbound',
    contentType: content.type,
    contentId: content.id,
    externalId: remote.externalId,
    actor: sync.actor,
    metadata: {
      action: commit.action,
      as: commit.as,
      contentVersion: content.version,
      remoteStatus: remote.status,
      differences: differences.map((difference) => `${difference.field}: ${difference.kind}`).join('; '),
    },
  })
}
