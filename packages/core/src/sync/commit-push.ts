import type { Content } from '../model/content.ts'
import { hashContentFields, pickContentFields } from '../model/content-fields.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { AccountStores } from '../ports/storage.ts'
import type { ReadBackDifference } from './build-remote-write.ts'
import { describeRemote, toLocalBase } from './remote-base.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'

export interface PushCommit {
  /** The version that was sent. */
  readonly content: Content
  readonly link: SyncLink | undefined
  readonly remote: RemoteContent
  readonly as: 'publish' | 'draft'
  readonly action: 'created' | 'updated' | 'unchanged'
  readonly differences: readonly ReadBackDifference[]
}

/**
 * One transaction: both bases, link, event, status, intent cleared. The base "ours" is the version that was sent, not the head: an
 * edit made meanwhile stays pending.
 */
export async function commitPush(sync: SyncContext, commit: PushCommit): Promise<void> {
  await sync.account.storage.transaction(async (stores) => {
    await sync.guard(stores)
    const sent = await settleContent(sync, stores, commit)
    await settleLink(sync, stores, commit, sent)
    await stores.events.append([pushEvent(sync, commit)])
    await stores.intents.remove(sync.integration.id, commit.content.id)
    if (commit.as === 'publish') {
      await stores.outbox.append([
        sync.account.newEvent('content.published', commit.content.id, {
          integrationId: sync.integration.id,
          externalId: commit.remote.externalId,
          url: commit.remote.url,
        }),
      ])
    }
  })
  sync.account.committed()
}

/** Moves the head's status; a slug that the site chose becomes ours where we had none. Returns what counts as sent. */
async function settleContent(sync: SyncContext, stores: AccountStores, commit: PushCommit): Promise<Content> {
  const { content, remote } = commit
  const head = (await stores.content.get(content.id)) ?? content
  const slug = content.slug ?? (remote.fields.slug || null)
  const sent = { ...content, slug }
  const headSlug = head.slug ?? slug
  const edited = hashContentFields({ ...head, slug: headSlug }) !== hashContentFields(sent)
  const published = remote.state === 'published' || remote.state === 'private'
  const next: Content = {
    ...head,
    slug: headSlug,
    status: published ? 'published' : remote.state === 'scheduled' ? 'scheduled' : head.status,
    pendingChanges: published && edited,
    approvedHash: edited ? head.approvedHash : hashContentFields(sent),
    publishedAt: published ? (remote.publishedAt ?? sync.account.clock.now()) : head.publishedAt,
    version: head.version + 1,
    updatedAt: sync.account.clock.now(),
  }
  const moved = next.slug !== head.slug || next.status !== head.status || next.pendingChanges !== head.pendingChanges
  if (moved) await stores.content.update(next, head.version)
  return sent
}

async function settleLink(sync: SyncContext, stores: AccountStores, commit: PushCommit, sent: Content): Promise<void> {
  const { account, integration, traits } = sync
  const { content, link, remote } = commit
  const now = account.clock.now()
  const fresh = {
    ...describeRemote(remote, now, traits.timeGranularityMs, now),
    localBase: toLocalBase(pickContentFields(sent)),
    updatedAt: now,
  }
  if (link !== undefined) {
    await stores.links.update({ ...link, ...fresh, version: link.version + 1 }, link.version)
    return
  }
  await stores.links.insert([
    {
      ...fresh,
      accountId: account.accountId,
      integrationId: integration.id,
      kind: 'content',
      localId: content.id,
      version: 1,
      createdAt: now,
    },
  ])
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
