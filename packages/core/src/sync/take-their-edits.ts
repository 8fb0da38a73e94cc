import { Igny8Error } from '../errors/igny8-error.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import { applyRemoteItems, type ItemOutcome } from './apply-remote-items.ts'
import type { Look } from './look.ts'
import { hashRemote } from './remote-base.ts'
import { resolveLocalIds } from './resolve-local-ids.ts'
import type { SyncContext } from './sync-context.ts'

/** The link of a content on the synced site. */
export async function findLink(sync: SyncContext, contentId: string): Promise<SyncLink | undefined> {
  return (await sync.account.storage.links.findByLocalIds(sync.integration.id, 'content', [contentId]))[0]
}

/**
 * Reads the remote again before anything is written: what they changed since the base is merged first; a conflict stops here, as does an item that
 * was deleted. Returns the link after the merge, and the item as read.
 */
export async function takeTheirEdits(
  sync: SyncContext,
  contentId: string,
  look: Look,
): Promise<{ readonly link: SyncLink; readonly remote: RemoteContent }> {
  const { client } = sync
  const link = await findLink(sync, contentId)
  if (link === undefined) throw goneThere(contentId, null)
  const lookup = await client.content.get(
    { type: link.externalType, externalId: link.externalId },
    { signal: sync.signal },
  )
  look.begin()
  if (lookup.kind === 'absent' || lookup.content.state === 'trashed') throw goneThere(contentId, link.externalId)
  const remote = lookup.content
  if (hashRemote(remote) === link.remoteHash) return { link, remote }
  const outcome = await applyAsPulled(sync, remote)
  const merged = await findLink(sync, contentId)
  if (outcome === 'conflicts' || merged === undefined) throw conflictOpen(contentId)
  return { link: merged, remote }
}

/** Applies an item that was just read, as a pull does, in a transaction of its own. */
export async function applyAsPulled(sync: SyncContext, remote: RemoteContent): Promise<ItemOutcome | undefined> {
  const ids = await resolveLocalIds(sync, [remote])
  const [outcome] = await sync.account.storage.transaction(async (stores) => {
    await sync.guard(stores)
    return applyRemoteItems(sync, stores, [remote], ids, null, null)
  })
  sync.account.committed()
  return outcome
}

/** Both sides changed the same fields, and nobody has decided yet. */
export function conflictOpen(contentId: string): Igny8Error {
  return new Igny8Error({
    code: 'CONFLICT_OPEN',
    message: 'Both sides changed the same fields.',
    hint: 'Resolve the conflict, then push again.',
    details: { contentId },
  })
}

function goneThere(contentId: string, externalId: string | null): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_NOT_FOUND',
    message: 'The item is in the trash of the site, or deleted there.',
    hint: 'Restore it on the site, or remove the content here; a push never revives it unasked.',
    details: { contentId, externalId },
  })
}
