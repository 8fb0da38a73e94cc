import { describeError } from '../errors/describe-error.ts'
import { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
import { notFound } from '../errors/not-found.ts'
import type { Content } from '../model/content.ts'
import { pickContentFields } from '../model/content-fields.ts'
import { isApproved } from '../model/content-workflow.ts'
import { type PushIntent, takesBack } from '../model/push-intent.ts'
import { slugFromTitle } from '../model/slug-from-title.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent, RemoteWrite } from '../ports/platform-content.ts'
import {
  agreedAfterWrite,
  buildChangedWrite,
  buildFullWrite,
  compareAnswer,
  type ExternalReferences,
  type ReadBackDifference,
} from './build-remote-write.ts'
import { commitPush } from './commit-push.ts'
import { createDraft, saveIntent } from './create-draft.ts'
import { ensureImage } from './ensure-image.ts'
import { ensureTerms } from './ensure-terms.ts'
import { describeReplaced, findOverwrittenEdit } from './find-overwritten-edit.ts'
import { createLook, type Look, mostLooks, sentLate } from './look.ts'
import { createMarker, markerOf } from './marker.ts'
import { refuseEarlierOverwrite } from './refuse-earlier-overwrite.ts'
import { refuseLateRecall } from './refuse-late-recall.ts'
import { localBaseOf, toLocalBase } from './remote-base.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'
import { conflictOpen, findLink, takeTheirEdits } from './take-their-edits.ts'

/** What a push did on one site. */
export interface PushResult {
  readonly contentId: string
  readonly integrationId: string
  readonly externalId: string
  readonly url: string | null
  readonly action: 'created' | 'updated' | 'unchanged'
  readonly remoteStatus: string
  /** Fields that the site holds otherwise than we sent them. */
  readonly differences: readonly ReadBackDifference[]
}

/** One push under the item's lease. A failure is logged as a SyncEvent and leaves the content pushable. */
export async function pushContent(sync: SyncContext, contentId: string, as: PushIntent['as']): Promise<PushResult> {
  for (let left = mostLooks; ; left--) {
    const look = createLook(sync, left === 1)
    try {
      return await attempt(sync, contentId, as, look)
    } catch (error) {
      if (look.isStale()) continue
      await recordFailure(sync, contentId, describeError(error, 'REMOTE_FAILED'))
      throw error
    }
  }
}

/** A create is a draft under the marker, linked; from there on it is an update, which also gives it slug and status. */
async function attempt(sync: SyncContext, contentId: string, as: PushIntent['as'], look: Look): Promise<PushResult> {
  if (as === 'unschedule') await refuseLateRecall(sync, contentId)
  if ((await sync.account.storage.conflicts.findOpen(sync.integration.id, contentId)) !== undefined) {
    if (as === 'unschedule') await takeBackContested(sync, contentId)
    throw conflictOpen(contentId)
  }
  if ((await findLink(sync, contentId)) === undefined) {
    if (takesBack(as)) throw notThere(contentId)
    const content = await claim(sync, contentId, as)
    const intent = await beginIntent(sync, content, as, null)
    await createDraft(sync, content, intent, await ensureReferences(sync, content))
  }
  const standing = await takeTheirEdits(sync, contentId, look)
  await refuseEarlierOverwrite(sync, contentId, standing)
  const content = await claim(sync, contentId, as, standing.link)
  const intent = await beginIntent(sync, content, as, standing.remote)
  const references = await ensureReferences(sync, content)
  const { remote, action, differences, agreed } = await update(sync, { content, intent, references, look, ...standing })
  const overwritten = action === 'unchanged' ? [] : await findOverwrittenEdit(sync, standing.remote, remote)
  await commitPush(sync, {
    content,
    link: standing.link,
    intent,
    remote,
    agreed,
    as,
    action,
    differences,
    overwritten,
  })
  return {
    contentId,
    integrationId: sync.integration.id,
    externalId: remote.externalId,
    url: remote.url,
    action,
    remoteStatus: remote.status,
    differences: [...differences],
  }
}

/** What a conflict is about, a person decides; that the site is not to publish it, one has decided already. No base moves, as nothing is agreed: what became of it is read again. */
async function takeBackContested(sync: SyncContext, contentId: string): Promise<void> {
  const { account, client, signal } = sync
  const link = await findLink(sync, contentId)
  if (link === undefined || link.deletedAt !== null) return
  const item = { type: link.externalType, externalId: link.externalId }
  const lookup = await client.content.get(item, { signal })
  if (lookup.kind === 'absent') return
  const fields: RemoteWrite = stateToSend('unschedule', lookup.content, account.clock.now())
  if (setsDate(fields))
    await client.content.update({ ...item, fields }, { signal, beforeSend: await refuseLater(sync) })
}

const aboutToMs = 60_000

interface UpdateInput {
  readonly content: Content
  readonly intent: PushIntent
  readonly references: ExternalReferences
  readonly link: SyncLink
  /** As just read. */
  readonly remote: RemoteContent
  readonly look: Look
}

interface Outcome {
  readonly remote: RemoteContent
  /** What both sides agree on now: the answer, without what somebody else changed meanwhile. */
  readonly agreed: RemoteContent
  readonly action: PushResult['action']
  readonly differences: readonly ReadBackDifference[]
}

/** Sends only what changed here since the site last agreed. */
async function update(sync: SyncContext, input: UpdateInput): Promise<Outcome> {
  const { content, intent, references, link, look, remote: before } = input
  const isNew = markerOf(before.fields.slug) === intent.marker
  const isCreate = intent.action === 'create'
  const planned: RemoteWrite = {
    ...(isCreate ? lackingTerms(references, before) : {}),
    ...buildChangedWrite(localBaseOf(link), content, references),
    ...(isNew ? { slug: content.slug ?? slugFromTitle(content.title) } : {}),
    ...stateToSend(intent.as, before, sync.account.clock.now()),
  }
  if (Object.keys(planned).length === 0) {
    return { remote: before, agreed: before, action: 'unchanged', differences: [] }
  }
  const isFinal = planned.state === 'published' || planned.state === 'scheduled'
  const { publications } = sync.account
  const by = { actor: sync.actor, isResumed: sync.runId !== null, isHandedOver: planned.state === 'scheduled' }
  const refuseDate = setsDate(planned) ? await refuseLater(sync) : undefined
  const beforeSend = async () => {
    await refuseDate?.()
    look.leave()
  }
  const publishAt = isFinal ? await publications.sending(content.id, by) : null
  const write = publishAt === null ? planned : { ...planned, publishAt }
  const remote = await sync.client.content
    .update(
      { type: link.externalType, externalId: link.externalId, fields: write },
      { signal: sync.signal, beforeSend },
    )
    .catch(async (error: unknown) => {
      if (isFinal && isIgny8Error(error) && error.effect === 'none') await publications.refused(content.id)
      throw error
    })
  const asked = isCreate ? { ...buildFullWrite(content, references), ...write } : write
  const chosenByUs = content.slug === null ? { slug: remote.fields.slug } : {}
  return {
    remote,
    agreed: agreedAfterWrite(before, write, remote),
    action: isCreate ? 'created' : 'updated',
    differences: compareAnswer({ ...asked, ...(isNew ? chosenByUs : {}) }, remote),
  }
}

/** What the site has dropped from a create, as somebody had deleted a term meanwhile: by now it stands again, under another id. */
function lackingTerms({ terms }: ExternalReferences, { fields }: RemoteContent): Pick<RemoteWrite, 'terms'> {
  const lacking = Object.entries(terms).filter(([type, ids]) =>
    ids.some((id) => fields.terms[type]?.includes(id) === false),
  )
  return lacking.length === 0 ? {} : { terms: Object.fromEntries(lacking) }
}

/** Whether it gives the site a date, or takes one away: what would come in the way of a later write, if it came late. */
function setsDate({ state, publishAt }: RemoteWrite): boolean {
  return state === 'scheduled' || publishAt !== undefined
}

/** Proves that the item is still ours, and then refuses to send once that is long ago: another process may have moved the date since. */
async function refuseLater(sync: SyncContext): Promise<() => Promise<void>> {
  const { clock, timing } = sync.account
  await sync.inTransaction(sync.guard)
  const until = clock.now().getTime() + timing.leaseMs / 3
  return async () => {
    if (clock.now().getTime() > until) throw sentLate()
  }
}

/** What the site has a date for already keeps it, also where somebody there has chosen another. */
function stateToSend(
  as: PushIntent['as'],
  { state, publishedAt }: RemoteContent,
  now: Date,
): Pick<RemoteWrite, 'state' | 'publishAt'> {
  const isLive = state === 'published' || state === 'private'
  const isScheduled = state === 'scheduled'
  if (as === 'publish' && !isLive) return { state: 'published' }
  if (as === 'schedule' && !isLive && !isScheduled) return { state: 'scheduled' }
  if (as === 'unpublish' && isLive) return { state: 'draft' }
  // What is about to be published might be public before our write arrives.
  const isAboutTo = as === 'unschedule' && Math.abs((publishedAt?.getTime() ?? 0) - now.getTime()) < aboutToMs
  // The date would make it a scheduled one again when it is published.
  return takesBack(as) && isScheduled && !isAboutTo ? { state: 'draft', publishAt: null } : {}
}

/**
 * Only what somebody approved leaves; the version claimed here is the one that is sent. Taking an item off the site sends nothing of what stands here: what is claimed is
 * what the site has.
 */
async function claim(
  sync: SyncContext,
  contentId: string,
  as: PushIntent['as'],
  link?: SyncLink | undefined,
): Promise<Content> {
  const content = await sync.account.storage.content.get(contentId)
  if (content === undefined || !isToBePushed(content, as) || content.siteId !== sync.integration.siteId)
    throw notFound('content', contentId)
  if (content.bodyFormat === 'markdown') throw markdown(contentId)
  if (takesBack(as)) return { ...content, ...(link === undefined ? {} : localBaseOf(link)) }
  if (isApproved(content)) return content
  throw new Igny8Error({
    code: 'NOT_APPROVED',
    message: `The content is ${content.status}; what stands in it now was not approved.`,
    hint: `Approve it (content.approve) before it is pushed as "${as}".`,
    details: { contentId, status: content.status, version: content.version },
  })
}

/** What was removed here is still taken back from the site that is to publish it. */
function isToBePushed({ removedAt }: Content, as: PushIntent['as']): boolean {
  return removedAt === null || as === 'unschedule'
}

async function beginIntent(
  sync: SyncContext,
  content: Content,
  as: PushIntent['as'],
  before: RemoteContent | null,
): Promise<PushIntent> {
  const { account, integration } = sync
  const site = await account.storage.sites.get(integration.siteId)
  if (site === undefined) throw notFound('site', integration.siteId)
  const now = account.clock.now()
  return sync.inTransaction(async (stores) => {
    // Who has lost the lease knows no more whether the item stands there already.
    await sync.guard(stores)
    // Whoever removes the content either sees this intent, or is seen here.
    const current = await stores.content.get(content.id)
    if (current === undefined || !isToBePushed(current, as)) throw notFound('content', content.id)
    const standing = await stores.intents.find(integration.id, content.id)
    // The removal is still to be done.
    if (standing?.action === 'remove' && standing.finishedAt === null && current.removedAt !== null)
      return { ...standing, as }
    const claimed = {
      contentVersion: content.version,
      as,
      finishedAt: null,
      ...describeUpdate(content, before),
    } as const
    if (standing !== undefined) {
      const isCreate = before === null || (standing.finishedAt === null && standing.action === 'create')
      const action = isCreate ? 'create' : 'update'
      const createdAt = standing.finishedAt === null ? standing.createdAt : now
      return saveIntent(sync, { ...standing, ...claimed, ...(before === null ? anew : {}), action, createdAt }, stores)
    }
    const intent: PushIntent = {
      sent: null,
      replaced: null,
      ...claimed,
      action: before === null ? 'create' : 'update',
      id: account.newId(),
      accountId: account.accountId,
      integrationId: integration.id,
      contentId: content.id,
      marker: createMarker(site.siteKey, content.id),
      externalId: before?.externalId ?? null,
      unresolvedSince: null,
      settleAt: null,
      draftHash: null,
      version: 0,
      createdAt: now,
      updatedAt: now,
    }
    return saveIntent(sync, intent, stores)
  })
}

/** Nothing stands on the site: what the intent knew of an item there is of one that is gone for good. */
const anew = { externalId: null, draftHash: null } as const

/** What an update is about to send, and what it is about to replace. */
function describeUpdate(
  content: Content,
  before: RemoteContent | null,
): Partial<Pick<PushIntent, 'sent' | 'replaced'>> {
  return before === null ? {} : { sent: toLocalBase(pickContentFields(content)), replaced: describeReplaced(before) }
}

async function ensureReferences(sync: SyncContext, content: Content): Promise<ExternalReferences> {
  const type = sync.structure.contentTypes.find((candidate) => candidate.type === content.type)
  if (type === undefined) throw unknownType(content.type)
  const featuredMediaId = content.featuredImageId === null ? null : await ensureImage(sync, content.featuredImageId)
  return { featuredMediaId, terms: await ensureTerms(sync, content.taxonomyIds, type.taxonomies) }
}

async function recordFailure(sync: SyncContext, contentId: string, error: Igny8Error): Promise<void> {
  const { account, integration } = sync
  const content = await account.storage.content.get(contentId)
  await account.storage.events.append([
    newSyncEvent(account, {
      integrationId: integration.id,
      runId: sync.runId,
      eventType: 'content_push',
      direction: 'outbound',
      contentType: content?.type ?? 'unknown',
      contentId,
      externalId: null,
      actor: sync.actor,
      error,
    }),
  ])
}

function notThere(contentId: string): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_TRANSITION',
    message: 'The content is not on this site.',
    hint: 'There is nothing to take off it.',
    details: { contentId },
  })
}

function markdown(contentId: string): Igny8Error {
  return new Igny8Error({
    code: 'UNSUPPORTED',
    message: 'The body is Markdown, which the site does not take.',
    hint: 'Convert the body to blocks or HTML and set bodyFormat.',
    details: { contentId },
  })
}

function unknownType(type: string): Igny8Error {
  return new Igny8Error({
    code: 'UNSUPPORTED',
    message: `The site has no content type "${type}".`,
    hint: 'Choose one of contentTypes, or run updateStructure if it was added since.',
    details: { type },
  })
}
