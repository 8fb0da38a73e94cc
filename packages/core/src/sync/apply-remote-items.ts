import type { Content } from '../model/content.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { AccountStores } from '../ports/storage.ts'
import { createPulled, mergePulled, recordConflict, removePulled } from './apply-one-item.ts'
import { mapRemoteToFields } from './map-remote-to-fields.ts'
import { type ItemPlan, planItem } from './plan-item.ts'
import { describeRemote, hashRemote, localBaseOf, remoteBaseOf } from './remote-base.ts'
import type { ResolvedIds } from './resolve-local-ids.ts'
import type { SyncContext } from './sync-context.ts'

/** One remote item with all that is known of it here. */
export interface ItemState {
  readonly remote: RemoteContent
  readonly link: SyncLink | undefined
  readonly content: Content | undefined
}

export type ItemOutcome = 'created' | 'updated' | 'unchanged' | 'deleted' | 'conflicts' | 'skipped'

/**
 * Applies a page of remote items inside the caller's transaction: links are read there, so that what is decided is what is
 * written. Returns what became of each.
 */
export async function applyRemoteItems(
  sync: SyncContext,
  stores: AccountStores,
  items: readonly RemoteContent[],
  ids: ResolvedIds,
  serverTime: Date | null,
): Promise<readonly ItemOutcome[]> {
  await insertNewImages(sync, stores, ids)
  const links = await stores.links.findByExternalIds(
    sync.integration.id,
    'content',
    items.map((item) => item.externalId),
  )
  const linkOf = new Map(links.map((link) => [link.externalId, link]))
  const contents = await stores.content.getMany(links.map((link) => link.localId))
  const contentOf = new Map(contents.map((content) => [content.id, content]))
  const outcomes: ItemOutcome[] = []
  for (const remote of items) {
    const link = linkOf.get(remote.externalId)
    const state = { remote, link, content: link === undefined ? undefined : contentOf.get(link.localId) }
    outcomes.push(await applyItem(sync, stores, state, ids, serverTime))
  }
  return outcomes
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

async function applyItem(
  sync: SyncContext,
  stores: AccountStores,
  state: ItemState,
  ids: ResolvedIds,
  serverTime: Date | null,
): Promise<ItemOutcome> {
  const { remote, link, content } = state
  if (link !== undefined && content === undefined) return 'skipped'
  const theirs = mapRemoteToFields(remote, ids)
  const plan = planFor(sync, state, ids)
  const described = describeRemote(remote, sync.account.clock.now(), sync.traits.timeGranularityMs, serverTime)
  switch (plan.kind) {
    case 'ignore':
      return 'skipped'
    case 'create':
      await createPulled(sync, stores, remote, theirs, described)
      return 'created'
    case 'echo':
      await touchLink(stores, link, described)
      return 'unchanged'
    case 'remove':
      return removePulled(sync, stores, state, described)
    case 'merge':
      return mergePulled(sync, stores, state, plan.fields, plan.taken, theirs, described)
    case 'conflict':
      return recordConflict(sync, stores, state, plan.fields)
  }
}

function planFor(sync: SyncContext, state: ItemState, ids: ResolvedIds): ItemPlan {
  const { remote, link, content } = state
  if (content === undefined && isForeignMarker(remote)) return { kind: 'ignore' }
  const base = link === undefined ? null : remoteBaseOf(link)
  return planItem({
    content: content ?? null,
    localBase: link === undefined ? null : localBaseOf(link),
    theirBase: base === null ? null : mapRemoteToFields({ ...remote, fields: base }, ids),
    theirs: mapRemoteToFields(remote, ids),
    unchanged: link?.remoteHash === hashRemote(remote),
    trashed: remote.state === 'trashed',
    policy: sync.integration.config.conflicts,
    theirsIsNewer: content !== undefined && remote.modifiedAt.getTime() > content.updatedAt.getTime(),
  })
}

/** A create of ours or of another host that has not found its final slug yet: its owner adopts it. */
function isForeignMarker(remote: RemoteContent): boolean {
  return remote.state === 'draft' && /^igny8-[0-9a-f]{32}(-\d+)?$/.test(remote.fields.slug)
}

/** An echo moves nothing but the times; written only where they moved. */
async function touchLink(
  stores: AccountStores,
  link: SyncLink | undefined,
  described: ReturnType<typeof describeRemote>,
): Promise<void> {
  if (link === undefined) return
  await stores.links.update(
    { ...link, ...described, version: link.version + 1, updatedAt: described.verifiedAt },
    link.version,
  )
}
