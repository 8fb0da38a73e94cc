import type { PullState } from '../model/pull-state.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent, RemoteFields } from '../ports/platform-content.ts'
import { commitItems, movePullState } from './commit-items.ts'
import { remoteBaseOf } from './remote-base.ts'
import type { SyncContext } from './sync-context.ts'

/** The status of an item that is gone for good: no platform has it. */
export const deletedStatus = 'igny8-deleted'

/**
 * Finds out what became of items that a list did not show. A deletion needs proof: the platform denies the item on the route of its type, to a user that it knows,
 * and it is on the route of no other type either. Found elsewhere means that its type was changed.
 */
export async function confirmMissing(
  sync: SyncContext,
  standing: PullState,
  externalIds: readonly string[],
): Promise<PullState> {
  if (externalIds.length === 0) return standing
  const links = await sync.account.storage.links.findByExternalIds(sync.integration.id, 'content', externalIds)
  const linked = new Set(links.map((link) => link.externalId))
  let state = await forget(
    sync,
    standing,
    externalIds.filter((externalId) => !linked.has(externalId)),
  )
  for (const link of links) {
    sync.signal.throwIfAborted()
    const readAt = sync.account.clock.now()
    const remote = (await locate(sync, link)) ?? (link.deletedAt === null ? ghostOf(link) : null)
    if (remote === null) state = await forget(sync, state, [link.externalId])
    else state = await commitItems(sync, state, { rows: [remote], rejected: [], serverTime: readAt, readAt })
  }
  return state
}

/** Ids that are nobody's any more need not be read again. */
async function forget(sync: SyncContext, state: PullState, externalIds: readonly string[]): Promise<PullState> {
  const rereadIds = state.rereadIds.filter((externalId) => !externalIds.includes(externalId))
  if (rereadIds.length === state.rereadIds.length) return state
  return movePullState(sync, state, { ...state, rereadIds })
}

/** The item on its own type's route or another's; `null` is proof that it is gone. */
export async function locate(sync: SyncContext, link: SyncLink): Promise<RemoteContent | null> {
  const others = sync.structure.contentTypes.map(({ type }) => type).filter((type) => type !== link.externalType)
  for (const type of [link.externalType, ...others]) {
    const lookup = await sync.client.content.get({ type, externalId: link.externalId }, { signal: sync.signal })
    if (lookup.kind === 'found') return lookup.content
  }
  return null
}

/** A deleted item as the plan sees it: what it last was, in the trash. */
export function ghostOf(link: SyncLink): RemoteContent {
  const { status: _status, ...fields } = remoteBaseOf(link) ?? emptyBase
  return {
    externalId: link.externalId,
    type: link.externalType,
    status: deletedStatus,
    state: 'trashed',
    modifiedAt: link.remoteModifiedAt ?? new Date(0),
    fields,
    url: null,
    publishedAt: null,
  }
}

const emptyFields: RemoteFields = {
  title: '',
  body: '',
  bodyFormat: 'html',
  excerpt: '',
  slug: '',
  terms: {},
  featuredMediaId: null,
  meta: {},
}
const emptyBase = { ...emptyFields, status: deletedStatus }
