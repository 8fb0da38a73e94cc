import type { Conflict } from '../model/conflict.ts'
import type { Content, ContentFields, ContentVersion } from '../model/content.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { AccountStores } from '../ports/storage.ts'
import { closeVanished, createPulled, recordConflict, removePulled } from './apply-one-item.ts'
import { guardDeletions } from './guard-deletions.ts'
import { pushLeaseKey } from './item-lease.ts'
import { mapRemoteToFields } from './map-remote-to-fields.ts'
import { markerOf } from './marker.ts'
import type { ConflictSide } from './merge-fields.ts'
import { isRedated, mergePulled } from './merge-pulled.ts'
import { newPageWrites, type PageWrites, writePage } from './page-writes.ts'
import { type ItemPlan, planItem } from './plan-item.ts'
import { flipHistory, flipMs } from './plan-item-flips.ts'
import { type Described, describeRemote, localBaseOf, remoteBaseOf } from './remote-base.ts'
import { resolveBaseIds } from './resolve-base-ids.ts'
import type { ResolvedIds } from './resolve-local-ids.ts'
import type { SyncContext } from './sync-context.ts'

/** One remote item with all that is known of it here. */
export interface ItemState {
  readonly remote: RemoteContent
  readonly link: SyncLink | undefined
  readonly content: Content | undefined
  /** The conflict that waits for a decision. */
  readonly open: Conflict | undefined
  /** Sides that a person took, where that is why the item is applied. */
  readonly decisions?: Readonly<Record<string, ConflictSide>> | undefined
}

/** The same, and what is to become of it. */
export interface DecidedItem<Plan = ItemPlan> {
  readonly state: ItemState
  readonly plan: Plan
  readonly theirs: ContentFields
  readonly described: Described
}

/** What the items of a page have in common. */
export interface ItemPage {
  readonly stores: AccountStores
  /** Most of what changes; written when all items are through. */
  readonly writes: PageWrites
  /** What a content was lately, newest first. */
  historyOf(contentId: string): readonly ContentVersion[]
}

/** `deferred`: to be read again, somebody works on it or knows it newer. `twin`: a second draft of a create of ours. */
export type ItemOutcome =
  | 'created'
  | 'updated'
  | 'unchanged'
  | 'deleted'
  | 'conflicts'
  | 'skipped'
  | 'deferred'
  | 'twin'

/** Drafts under a marker of another host are left to it for so long. */
const foreignMarkerMs = 24 * 3_600_000

/**
 * Applies remote items inside the caller's transaction: links are read there, so that what is decided is what is written. Returns what became of each.
 *
 * An item that a page repeats is applied once. `readAt` is our clock when the items were asked for: items that a push works on, or that were compared since, are deferred. `null` where the caller holds the
 * item's lease and has just read it.
 */
export async function applyRemoteItems(
  sync: SyncContext,
  stores: AccountStores,
  items: readonly RemoteContent[],
  ids: ResolvedIds,
  serverTime: Date | null,
  readAt: Date | null,
  decisions?: Readonly<Record<string, ConflictSide>>,
): Promise<readonly ItemOutcome[]> {
  await insertNewImages(sync, stores, ids)
  const links = await stores.links.findByExternalIds(
    sync.integration.id,
    'content',
    items.map((item) => item.externalId),
  )
  const linkOf = new Map(links.map((link) => [link.externalId, link]))
  const known = await resolveBaseIds(stores, sync.integration.id, links, ids)
  const localIds = links.map((link) => link.localId)
  const contentOf = new Map((await stores.content.getMany(localIds)).map((content) => [content.id, content]))
  const conflicts = await stores.conflicts.listOpen(sync.integration.id, localIds)
  const openOf = new Map(conflicts.map((conflict) => [conflict.contentId, conflict]))
  const isBusy = readAt === null ? () => false : await findBusy(sync, stores, links, readAt)
  const decided: (DecidedItem | ItemOutcome)[] = []
  const met = new Set<string>()
  for (const remote of items) {
    const link = linkOf.get(remote.externalId)
    const localId = link?.localId ?? ''
    const state = { remote, link, content: contentOf.get(localId), open: openOf.get(localId), decisions }
    const unfit = met.has(remote.externalId) ? 'skipped' : await judgeUnfit(sync, stores, state, isBusy)
    met.add(remote.externalId)
    decided.push(unfit ?? decide(sync, state, known, serverTime))
  }
  const page: ItemPage = { stores, writes: newPageWrites(), historyOf: await readHistory(sync, stores, decided) }
  const outcomes: ItemOutcome[] = []
  for (const item of decided) outcomes.push(typeof item === 'string' ? item : await applyItem(sync, page, item))
  const written = [...page.writes.newContents, ...page.writes.contents.map(({ row }) => row)]
  await writePage(stores, page.writes)
  await sync.account.publications.found(stores, written)
  return outcomes
}

/** What merges need to know of the past, of the whole page at once. */
async function readHistory(
  sync: SyncContext,
  stores: AccountStores,
  decided: readonly (DecidedItem | ItemOutcome)[],
): Promise<ItemPage['historyOf']> {
  const merged = decided.flatMap((item) =>
    typeof item !== 'string' && item.plan.kind === 'merge' && item.plan.taken.length > 0 ? item.state : [],
  )
  if (merged.length === 0) return () => []
  const now = sync.account.clock.now()
  const since = Math.min(...merged.map(({ open }) => (open?.createdAt ?? now).getTime())) - flipMs
  const ids = merged.flatMap(({ content }) => content?.id ?? [])
  const versions = Map.groupBy(
    await stores.history.listSince(ids, new Date(since), flipHistory),
    ({ contentId }) => contentId,
  )
  return (contentId) => versions.get(contentId) ?? []
}

/** What is not to be applied now, and what becomes of it. */
async function judgeUnfit(
  sync: SyncContext,
  stores: AccountStores,
  { remote, link }: ItemState,
  isBusy: (link: SyncLink) => boolean,
): Promise<'deferred' | 'twin' | null> {
  if (link === undefined) return judgeMarker(sync, stores, remote)
  return isBusy(link) ? 'deferred' : null
}

/** Links whose item a push holds, or that somebody compared after these items were asked for. */
async function findBusy(
  sync: SyncContext,
  stores: AccountStores,
  links: readonly SyncLink[],
  readAt: Date,
): Promise<(link: SyncLink) => boolean> {
  const keyOf = (link: SyncLink) => pushLeaseKey(sync.integration.id, link.localId)
  const held = new Set(await stores.leases.listHeld(links.map(keyOf), sync.account.clock.now()))
  return (link) => held.has(keyOf(link)) || (link.verifiedAt !== null && link.verifiedAt > readAt)
}

/** What an unlinked item under a marker is: a create of ours under way, its late twin, or another host's, which is left to it while it is young. */
async function judgeMarker(
  sync: SyncContext,
  stores: AccountStores,
  remote: RemoteContent,
): Promise<'deferred' | 'twin' | null> {
  const marker = markerOf(remote.fields.slug)
  if (marker === null) return null
  const intent = await stores.intents.findByMarker(sync.integration.id, marker)
  if (intent !== undefined) return intent.externalId === null && intent.finishedAt === null ? 'deferred' : 'twin'
  const ageMs = sync.account.clock.now().getTime() - remote.modifiedAt.getTime()
  return remote.state === 'draft' && ageMs < foreignMarkerMs ? 'deferred' : null
}

/** Two pages may have met the same image: the first one to commit has stored it. */
async function insertNewImages(sync: SyncContext, stores: AccountStores, ids: ResolvedIds): Promise<void> {
  if (ids.newImages.length === 0) return
  const standing = await stores.links.findByExternalIds(
    sync.integration.id,
    'image',
    ids.newImageLinks.map((link) => link.externalId),
  )
  const known = new Set(standing.map((link) => link.externalId))
  const links = ids.newImageLinks.filter((link) => !known.has(link.externalId))
  const wanted = new Set(links.map((link) => link.localId))
  await stores.images.insert(ids.newImages.filter((image) => wanted.has(image.id)))
  await stores.links.insert(links)
  sync.progress.add({ images: links.length })
}

function decide(
  sync: SyncContext,
  state: ItemState,
  ids: ResolvedIds,
  serverTime: Date | null,
): DecidedItem | 'skipped' {
  if (state.link !== undefined && state.content === undefined) return 'skipped'
  const theirs = mapRemoteToFields(state.remote, ids)
  const described = describe(sync, state, serverTime)
  return { state, theirs, described, plan: planFor(sync, state, ids, theirs, described.remoteHash) }
}

async function applyItem(sync: SyncContext, page: ItemPage, item: DecidedItem): Promise<ItemOutcome> {
  const { stores, writes } = page
  const { state, plan, theirs, described } = item
  const { remote, link } = state
  switch (plan.kind) {
    case 'ignore':
      return 'skipped'
    case 'create':
      createPulled(sync, writes, remote, theirs, described)
      return 'created'
    case 'echo':
      // Their edit was taken back: the conflict about it has no object any more.
      if (link?.remoteModifiedAt?.getTime() !== remote.modifiedAt.getTime()) await closeVanished(sync, stores, state)
      if (link !== undefined) touchLink(writes, link, described)
      redate(writes, state, described.verifiedAt)
      return 'unchanged'
    case 'remove':
      // The guard counts what stands. What a person decided needs no other to be asked.
      await writePage(stores, writes)
      if (link !== undefined && link.deletedAt === null && state.decisions?.status !== 'theirs')
        await guardDeletions(sync, stores, link)
      return removePulled(sync, stores, state, described)
    case 'merge':
      return mergePulled(sync, page, { ...item, plan })
    case 'conflict':
      return recordConflict(sync, stores, state, plan.fields)
  }
}

/** From the trash nothing is taken: what was edited before it went there is still theirs to be taken when it comes back. What is gone stays gone since when it went. */
function describe(sync: SyncContext, { remote, link }: ItemState, serverTime: Date | null) {
  const described = describeRemote(remote, sync.account.clock.now(), sync.traits.timeGranularityMs, serverTime)
  if (remote.state !== 'trashed' || link?.remoteBase == null) return described
  return { ...described, remoteBase: link.remoteBase, deletedAt: link.deletedAt }
}

function planFor(
  sync: SyncContext,
  state: ItemState,
  ids: ResolvedIds,
  theirs: ContentFields,
  remoteHash: string,
): ItemPlan {
  const { remote, link, content } = state
  const base = link === undefined ? null : remoteBaseOf(link)
  return planItem({
    content: content ?? null,
    localBase: link === undefined ? null : localBaseOf(link),
    theirBase: base === null ? null : mapRemoteToFields({ ...remote, fields: base }, ids),
    theirs,
    unchanged: link?.remoteHash === remoteHash && link.externalType === remote.type,
    trashed: remote.state === 'trashed',
    removedHere: content !== undefined && content.removedAt !== null && link?.deletedAt === null,
    policy: sync.integration.config.conflicts,
    theirsIsNewer: content !== undefined && remote.modifiedAt.getTime() > content.updatedAt.getTime(),
    decisions: state.decisions ?? {},
  })
}

/** Takes over a date that somebody on the site has moved. */
function redate(writes: PageWrites, { content, remote }: ItemState, now: Date): void {
  if (content?.status !== 'scheduled' || content.removedAt !== null || !isRedated(content, remote)) return
  const row = { ...content, publishedAt: remote.publishedAt, version: content.version + 1, updatedAt: now }
  writes.contents.push({ row, expectedVersion: content.version })
}

/** An echo moves nothing but the times. */
function touchLink(writes: PageWrites, link: SyncLink, described: DecidedItem['described']): void {
  const row = { ...link, ...described, version: link.version + 1, updatedAt: described.verifiedAt }
  writes.links.push({ row, expectedVersion: link.version })
}
