import type { RemoteContent } from '../ports/platform-content.ts'
import { withItemLease } from './item-lease.ts'
import type { SyncContext } from './sync-context.ts'
import { applyAsPulled, findLink } from './take-their-edits.ts'

/** Reads what the site holds of one content now, and applies it as a pull does, alone under its lease. `undefined`: nothing, by proof. */
export async function lookAtItem(sync: SyncContext, contentId: string): Promise<RemoteContent | undefined> {
  return withItemLease(sync, contentId, async (held) => {
    const { account, client, signal } = held
    const link = await findLink(held, contentId)
    if (link === undefined || link.deletedAt !== null) return undefined
    const lookup = await client.content.get({ type: link.externalType, externalId: link.externalId }, { signal })
    if (lookup.kind === 'absent') return undefined
    const remote = lookup.content
    // What was thrown away, here or there, is a matter of the pull, which asks for proof.
    if (remote.state === 'trashed' || (await account.storage.content.get(contentId))?.removedAt !== null) return remote
    await applyAsPulled(held, remote)
    return remote
  })
}
