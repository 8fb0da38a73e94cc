import { describeError } from '../errors/describe-error.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import { notFound } from '../errors/not-found.ts'
import type { Content } from '../model/content.ts'
import { hashContentFields, pickContentFields } from '../model/content-fields.ts'
import { isApproved } from '../model/content-workflow.ts'
import type { PushIntent } from '../model/push-intent.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent, RemoteWrite } from '../ports/platform-content.ts'
import { applyRemoteItems } from './apply-remote-items.ts'
import {
  buildChangedWrite,
  buildFullWrite,
  compareAnswer,
  type ExternalReferences,
  type ReadBackDifference,
} from './build-remote-write.ts'
import { commitPush } from './commit-push.ts'
import { createMarker, createOrAdopt, saveIntent } from './create-remote.ts'
import { ensureImage } from './ensure-image.ts'
import { ensureTerms } from './ensure-terms.ts'
import { hashRemote, localBaseOf } from './remote-base.ts'
import { resolveLocalIds } from './resolve-local-ids.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'

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
export async function pushContent(sync: SyncContext, contentId: string, as: 'publish' | 'draft'): Promise<PushResult> {
  try {
    return await attempt(sync, contentId, as)
  } catch (error) {
    await recordFailure(sync, contentId, describeError(error, 'REMOTE_FAILED'))
    throw error
  }
}

async function attempt(sync: SyncContext, contentId: string, as: 'publish' | 'draft'): Promise<PushResult> {
  const { integration } = sync
  await refuseOpenConflict(sync, contentId)
  const link = await takeTheirEdits(sync, contentId)
  const content = await claim(sync, contentId, as)
  const intent = await beginIntent(sync, content, as, link)
  const references = await ensureReferences(sync, content)
  const outcome =
    link === undefined
      ? await create(sync, content, intent, references, as)
      : await update(sync, content, link, references, as)
  await commitPush(sync, {
    content,
    link,
    remote: outcome.remote,
    as,
    action: outcome.action,
    differences: outcome.differences,
  })
  const { remote, action, differences } = outcome
  return {
    contentId,
    integrationId: integration.id,
    externalId: remote.externalId,
    url: remote.url,
    action,
    remoteStatus: remote.status,
    differences: [...differences],
  }
}

interface Outcome {
  readonly remote: RemoteContent
  readonly action: PushResult['action']
  readonly differences: readonly ReadBackDifference[]
}

async function create(
  sync: SyncContext,
  content: Content,
  intent: PushIntent,
  references: ExternalReferences,
  as: 'publish' | 'draft',
): Promise<Outcome> {
  const write = buildFullWrite(content, references)
  const draft =
    intent.externalId === null
      ? (await createOrAdopt(sync, content, intent, write)).remote
      : await reread(sync, content.type, intent.externalId)
  const differences = compareAnswer({ ...write, slug: draft.fields.slug }, draft)
  const slug = content.slug ?? slugFromTitle(content.title)
  const final: RemoteWrite = { slug, ...(as === 'publish' ? { state: 'published' } : {}) }
  const remote = await sync.client.content.update(
    { type: content.type, externalId: draft.externalId, fields: final },
    { signal: sync.signal },
  )
  return {
    remote,
    action: 'created',
    differences: [...differences, ...compareAnswer(content.slug === null ? {} : { slug }, remote)],
  }
}

async function update(
  sync: SyncContext,
  content: Content,
  link: SyncLink,
  references: ExternalReferences,
  as: 'publish' | 'draft',
): Promise<Outcome> {
  const changed = buildChangedWrite(localBaseOf(link), content, references)
  const live = link.remoteStatus === 'publish' || link.remoteStatus === 'private'
  const write: RemoteWrite = as === 'publish' && !live ? { ...changed, state: 'published' } : changed
  if (Object.keys(write).length === 0) {
    return { remote: await reread(sync, link.externalType, link.externalId), action: 'unchanged', differences: [] }
  }
  const remote = await sync.client.content.update(
    { type: link.externalType, externalId: link.externalId, fields: write },
    { signal: sync.signal },
  )
  return { remote, action: 'updated', differences: compareAnswer(write, remote) }
}

/** Reads the remote again before anything is written: what they changed since the base is merged first; a conflict stops here. */
async function takeTheirEdits(sync: SyncContext, contentId: string): Promise<SyncLink | undefined> {
  const { account, integration, client } = sync
  const find = async () => (await account.storage.links.findByLocalIds(integration.id, 'content', [contentId]))[0]
  const link = await find()
  if (link === undefined) return undefined
  const lookup = await client.content.get(
    { type: link.externalType, externalId: link.externalId },
    { signal: sync.signal },
  )
  if (lookup.kind === 'absent') throw goneThere(link)
  if (lookup.content.state === 'trashed') throw goneThere(link)
  if (hashRemote(lookup.content) === link.remoteHash) return link
  const ids = await resolveLocalIds(sync, [lookup.content])
  const [outcome] = await account.storage.transaction(async (stores) => {
    await sync.guard(stores)
    return applyRemoteItems(sync, stores, [lookup.content], ids, account.clock.now())
  })
  account.committed()
  if (outcome === 'conflicts') throw conflictOpen(contentId)
  return find()
}

/** Only what somebody approved leaves; the version claimed here is the one that is sent. */
async function claim(sync: SyncContext, contentId: string, as: 'publish' | 'draft'): Promise<Content> {
  const content = await sync.account.storage.content.get(contentId)
  if (content === undefined || content.removedAt !== null || content.siteId !== sync.integration.siteId)
    throw notFound('content', contentId)
  if (content.bodyFormat === 'markdown') throw markdown(contentId)
  if (isApproved(content)) return content
  throw new Igny8Error({
    code: 'NOT_APPROVED',
    message: `The content is ${content.status}; what stands in it now was not approved.`,
    hint: `Approve it (content.approve) before it is pushed as "${as}".`,
    details: { contentId, status: content.status, version: content.version },
  })
}

async function beginIntent(
  sync: SyncContext,
  content: Content,
  as: 'publish' | 'draft',
  link: SyncLink | undefined,
): Promise<PushIntent> {
  const { account, integration } = sync
  const site = await account.storage.sites.get(integration.siteId)
  if (site === undefined) throw notFound('site', integration.siteId)
  const standing = await account.storage.intents.find(integration.id, content.id)
  const claimed = { contentVersion: content.version, as, action: link === undefined ? 'create' : 'update' } as const
  if (standing !== undefined) return saveIntent(sync, { ...standing, ...claimed })
  const now = account.clock.now()
  return saveIntent(sync, {
    ...claimed,
    id: account.newId(),
    accountId: account.accountId,
    integrationId: integration.id,
    contentId: content.id,
    marker: createMarker(site.siteKey, content.id),
    externalId: link?.externalId ?? null,
    unresolvedSince: null,
    settleAt: null,
    sent: { hash: hashContentFields(content), fields: Object.keys(pickContentFields(content)) },
    version: 0,
    createdAt: now,
    updatedAt: now,
  })
}

async function ensureReferences(sync: SyncContext, content: Content): Promise<ExternalReferences> {
  const type = sync.structure.contentTypes.find((candidate) => candidate.type === content.type)
  if (type === undefined) throw unknownType(content.type)
  const featuredMediaId = content.featuredImageId === null ? null : await ensureImage(sync, content.featuredImageId)
  return { featuredMediaId, terms: await ensureTerms(sync, content.taxonomyIds, type.taxonomies) }
}

async function reread(sync: SyncContext, type: string, externalId: string): Promise<RemoteContent> {
  const lookup = await sync.client.content.get({ type, externalId }, { signal: sync.signal })
  if (lookup.kind === 'found') return lookup.content
  throw new Igny8Error({
    code: 'REMOTE_NOT_FOUND',
    message: 'The item was deleted on the site while it was pushed.',
    hint: 'Push again to create it anew.',
    details: { externalId },
  })
}

async function refuseOpenConflict(sync: SyncContext, contentId: string): Promise<void> {
  if ((await sync.account.storage.conflicts.findOpen(sync.integration.id, contentId)) !== undefined)
    throw conflictOpen(contentId)
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

/** A slug for content that has none, so that the marker never stays; the platform makes it unique. */
export function slugFromTitle(title: string): string {
  const slug = title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return Array.from(slug).slice(0, 80).join('').replace(/-+$/, '') || 'untitled'
}

function conflictOpen(contentId: string): Igny8Error {
  return new Igny8Error({
    code: 'CONFLICT_OPEN',
    message: 'Both sides changed the same fields.',
    hint: 'Resolve the conflict, then push again.',
    details: { contentId },
  })
}

function goneThere(link: SyncLink): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_NOT_FOUND',
    message: 'The item is in the trash of the site, or deleted there.',
    hint: 'Restore it on the site, or remove the content here; a push never revives it unasked.',
    details: { contentId: link.localId, externalId: link.externalId },
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
