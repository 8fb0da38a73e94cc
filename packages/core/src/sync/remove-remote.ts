import { Igny8Error } from '../errors/igny8-error.ts'
import type { PushIntent } from '../model/push-intent.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import { recordConflict } from './apply-one-item.ts'
import { deletedStatus } from './confirm-missing.ts'
import { saveIntent } from './create-draft.ts'
import { endIntent } from './end-intent.ts'
import { hashRemote, remoteBaseOf } from './remote-base.ts'
import { retireUnlinked } from './retire-twins.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'
import { findLink } from './take-their-edits.ts'

/** What became of the site's item after its content was removed here. */
export type RemovalOutcome = 'kept' | 'trashed' | 'deleted' | 'conflict'

/**
 * Does on the site what the deletion policy says of a content that was removed here, under the item's lease. An item that somebody edited there since is not touched: the
 * edit survives, and a conflict asks.
 */
export async function removeRemote(sync: SyncContext, intent: PushIntent): Promise<RemovalOutcome> {
  const content = await sync.account.storage.content.get(intent.contentId)
  const link = await findLink(sync, intent.contentId)
  if (content?.removedAt === null && link === undefined && intent.unresolvedSince !== null) {
    // Wanted again, while nobody knows yet what its create has left behind: the next push has to look for that.
    await saveIntent(sync, { ...intent, action: 'create' })
    return 'kept'
  }
  if (content === undefined || content.removedAt === null) return settle(sync, intent, undefined, 'kept')
  if (link === undefined) return removeUnlinked(sync, intent, content.type)
  const policy = sync.integration.config.deletions
  if (policy === 'keep' || link.deletedAt !== null) return settle(sync, intent, undefined, 'kept')
  const target = { type: link.externalType, externalId: link.externalId }
  const lookup = await sync.client.content.get(target, { signal: sync.signal })
  if (lookup.kind === 'absent') return settle(sync, intent, link, policy === 'delete' ? 'deleted' : 'trashed')
  const remote = lookup.content
  const isTrashed = remote.state === 'trashed'
  if (!isTrashed && hashRemote(remote) !== link.remoteHash) return refuse(sync, intent, link, remote)
  // Edited there and then thrown away: in the trash the edit can still be had.
  const isKept = isTrashed && isTextEdited(link, remote)
  if (policy === 'delete' && !isKept) {
    await sync.client.content.delete(target, { signal: sync.signal })
    return settle(sync, intent, link, 'deleted')
  }
  if (!isTrashed) await sync.client.content.trash(target, { signal: sync.signal })
  return settle(sync, intent, link, 'trashed')
}

function isTextEdited(link: SyncLink, { fields }: RemoteContent): boolean {
  const base = remoteBaseOf(link)
  return base !== null && (['title', 'body', 'excerpt'] as const).some((name) => base[name] !== fields[name])
}

/** A create that was still in doubt: what it may have left behind goes to the trash. */
async function removeUnlinked(sync: SyncContext, intent: PushIntent, type: string): Promise<RemovalOutcome> {
  const { client, signal, account } = sync
  if (intent.unresolvedSince === null) return settle(sync, intent, undefined, 'kept')
  const waitMs = (intent.settleAt?.getTime() ?? 0) - account.clock.now().getTime()
  if (waitMs > 0) throw stillInDoubt(waitMs)
  for (const draft of await client.content.findByMarker({ type, marker: intent.marker }, { signal }))
    await retireUnlinked(sync, intent, draft)
  return settle(sync, intent, undefined, 'trashed')
}

async function settle(
  sync: SyncContext,
  intent: PushIntent,
  link: SyncLink | undefined,
  outcome: RemovalOutcome,
): Promise<RemovalOutcome> {
  const { account, integration } = sync
  await account.storage.transaction(async (stores) => {
    await sync.guard(stores)
    const now = account.clock.now()
    if (link !== undefined) {
      const remoteStatus = outcome === 'deleted' ? deletedStatus : 'trash'
      const next = { ...link, remoteStatus, deletedAt: now, racy: true, version: link.version + 1, updatedAt: now }
      await stores.links.update(next, link.version)
      await stores.events.append([
        newSyncEvent(account, {
          integrationId: integration.id,
          runId: sync.runId,
          eventType: 'content_push',
          direction: 'outbound',
          contentType: link.externalType,
          contentId: intent.contentId,
          externalId: link.externalId,
          actor: sync.actor,
          metadata: { action: outcome },
        }),
      ])
    }
    await endIntent(stores, intent, now)
  })
  return outcome
}

/** The removal waits for the decision, and goes on when it is in its favour. */
async function refuse(
  sync: SyncContext,
  intent: PushIntent,
  link: SyncLink,
  remote: RemoteContent,
): Promise<RemovalOutcome> {
  await sync.account.storage.transaction(async (stores) => {
    await sync.guard(stores)
    const content = await stores.content.get(intent.contentId)
    if (content === undefined) return
    const field = { field: 'status', base: 'present', ours: 'removed', theirs: 'edited' }
    await recordConflict(sync, stores, { remote, link, content }, [field])
  })
  sync.account.committed()
  return 'conflict'
}

function stillInDoubt(waitMs: number): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_FAILED',
    message: 'A create of this content got no answer, and it may still arrive.',
    hint: 'The removal goes on by itself at a later sync.',
    retryable: true,
    retryAfterMs: waitMs,
  })
}
