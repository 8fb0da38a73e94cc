import { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
import type { Content, ContentFields } from '../model/content.ts'
import { pickContentFields } from '../model/content-fields.ts'
import type { PushIntent } from '../model/push-intent.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { AccountStores } from '../ports/storage.ts'
import { buildNewWrite, type ExternalReferences } from './build-remote-write.ts'
import { asAnswered, type CreatedDraft, hashDraft, isUntouched, readCreated } from './created-draft.ts'
import { newLink } from './new-link.ts'
import { describeRemote, toLocalBase } from './remote-base.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'

/**
 * Creates the item as a draft under its marker, or adopts what an earlier attempt left behind, and links it at once: from then on the
 * create is an update like any other, whatever happens in between.
 *
 * In doubt it looks before it acts: a second create happens only when the settle time has passed and no draft is found.
 */
export async function createDraft(
  sync: SyncContext,
  content: Content,
  intent: PushIntent,
  references: ExternalReferences,
): Promise<SyncLink> {
  if (intent.unresolvedSince !== null) {
    // From before the look: what it did not see may have come while it was on its way.
    const waitMs = (intent.settleAt?.getTime() ?? 0) - sync.account.clock.now().getTime()
    const found = await lookUp(sync, content, intent)
    if (found.length > 0) return adopt(sync, content, intent, found)
    if (waitMs > 0) throw unsettled(waitMs)
  }
  const { clock, timing } = sync.account
  const settleFrom = (sentAt: Date) => ({ settleAt: new Date(sentAt.getTime() + timing.settleMs) })
  let sentAt = clock.now()
  let asked = await saveIntent(sync, {
    ...intent,
    ...settleFrom(sentAt),
    contentVersion: content.version,
    unresolvedSince: sentAt,
    sent: toLocalBase(pickContentFields(content)),
  })
  /** It may have waited for its turn, and then arrives later than was written down. Whoever took the work over meanwhile has written the intent, so it does not leave any more. */
  const beforeSend = async () => {
    const now = clock.now()
    if ((now.getTime() - sentAt.getTime()) * 4 < timing.settleMs - timing.requestTimeoutMs) return
    sentAt = now
    asked = await saveIntent(sync, { ...asked, ...settleFrom(sentAt) })
  }
  const draft = await sync.client.content
    .create(
      { type: content.type, fields: { ...buildNewWrite(content, references), slug: intent.marker, state: 'draft' } },
      { signal: sync.signal, beforeSend },
    )
    .catch((error: unknown) => ({ error }))
  // What fails from here on, the lease or the storage, says nothing about the site: the intent stays open until the draft is linked.
  if ('error' in draft) return lookAfterFailure(sync, content, asked, draft.error)
  return linkDraft(sync, content, asked, asAnswered(draft, references))
}

/** A create that failed: nothing is there, or it is found and adopted at once, or it waits for its settle time. */
async function lookAfterFailure(
  sync: SyncContext,
  content: Content,
  asked: PushIntent,
  error: unknown,
): Promise<SyncLink> {
  if (isIgny8Error(error) && error.effect === 'none') {
    await saveIntent(sync, { ...asked, unresolvedSince: null, settleAt: null })
    throw error
  }
  const found = await lookUp(sync, content, asked).catch(() => [])
  if (found.length > 0) return adopt(sync, content, asked, found)
  await sync.account.resumePushesAt(sync.integration.id, asked.settleAt ?? sync.account.clock.now())
  throw error
}

/** Everything under the intent's marker, oldest first. */
function lookUp(sync: SyncContext, content: Content, intent: PushIntent): Promise<readonly RemoteContent[]> {
  return sync.client.content.findByMarker({ type: content.type, marker: intent.marker }, { signal: sync.signal })
}

/** Takes the oldest; the others go to the trash where they are the same draft again, and are reported where somebody edited them. */
async function adopt(
  sync: SyncContext,
  content: Content,
  intent: PushIntent,
  found: readonly RemoteContent[],
): Promise<SyncLink> {
  const [oldest, ...others] = found
  if (oldest === undefined) throw unsettled(sync.account.timing.settleMs)
  const sent = sentFields(intent, content)
  const link = await linkDraft(sync, content, intent, await readCreated(sync, oldest, sent))
  for (const twin of others)
    await retireTwin(sync, content.id, link.externalId, twin, await isUntouched(sync, twin, sent))
  return link
}

/** The link and the resolved intent, in one transaction. Ours is what was sent, theirs what came of it. */
async function linkDraft(
  sync: SyncContext,
  content: Content,
  intent: PushIntent,
  { created, agreed }: CreatedDraft,
): Promise<SyncLink> {
  const { account, traits } = sync
  const now = account.clock.now()
  const link = newLink(sync, {
    ...describeRemote(agreed, now, traits.timeGranularityMs, null),
    kind: 'content',
    localId: content.id,
    localBase: toLocalBase(sentFields(intent, content)),
  })
  await sync.inTransaction(async (stores) => {
    await sync.guard(stores)
    await stores.links.insert([link])
    const { externalId } = created
    const resolved = { externalId, draftHash: hashDraft(created), unresolvedSince: null, settleAt: null }
    if (!(await stores.intents.put({ ...intent, ...resolved, version: intent.version + 1, updatedAt: now })))
      throw takenOver()
  })
  return link
}

function sentFields(intent: PushIntent, content: Content): ContentFields {
  return (intent.sent as unknown as ContentFields | null) ?? pickContentFields(content)
}

/** Deals with a second draft of the same create, made by a request that arrived late: trashed where nobody worked on it, else left and reported. */
export async function retireTwin(
  sync: SyncContext,
  contentId: string,
  adoptedId: string,
  twin: RemoteContent,
  isUntouched: boolean,
): Promise<void> {
  if (twin.state === 'trashed') return
  const isRetired = twin.state === 'draft' && isUntouched
  if (isRetired)
    await sync.client.content.trash({ type: twin.type, externalId: twin.externalId }, { signal: sync.signal })
  await sync.account.storage.events.append([
    newSyncEvent(sync.account, {
      integrationId: sync.integration.id,
      runId: sync.runId,
      eventType: 'content_push',
      direction: 'outbound',
      contentType: twin.type,
      contentId,
      externalId: twin.externalId,
      actor: sync.actor,
      metadata: { outcome: isRetired ? 'twin_trashed' : 'twin_left', adopted: adoptedId },
    }),
  ])
}

/** Writes the intent's next state; somebody else's write in between means that the work is theirs. */
export async function saveIntent(
  sync: SyncContext,
  intent: PushIntent,
  stores: Pick<AccountStores, 'intents'> = sync.account.storage,
): Promise<PushIntent> {
  const next = { ...intent, version: intent.version + 1, updatedAt: sync.account.clock.now() }
  if (await stores.intents.put(next)) return next
  throw takenOver()
}

function takenOver(): Igny8Error {
  return new Igny8Error({
    code: 'LEASE_LOST',
    message: 'Another process is pushing this content.',
    hint: 'Nothing to do: the other process carries on.',
    retryable: true,
  })
}

function unsettled(waitMs: number): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_FAILED',
    message: 'An earlier create got no answer, and it may still arrive.',
    hint: 'Push again later; a second item is never created.',
    retryable: true,
    retryAfterMs: waitMs,
    effect: 'unknown',
  })
}
