import { Igny8Error } from '../errors/igny8-error.ts'
import type { RemoteOutline } from '../ports/platform-content.ts'
import { findLinks } from './compare-outlines.ts'
import { isTrusted } from './guard-deletions.ts'
import type { SyncContext } from './sync-context.ts'

/** So many items at once may go back in time before somebody is asked. */
const fewest = 3

/**
 * A few modified times may go back; many mean that somebody put an older copy of the site in its place, which must not undo what is here.
 *
 * Throws `SITE_RESTORED`.
 */
export async function refuseStepBack(sync: SyncContext, rows: readonly RemoteOutline[]): Promise<void> {
  const known = new Map((await findLinks(sync, rows)).map((link) => [link.externalId, link.remoteModifiedAt]))
  const back = rows.filter((row) => row.modifiedAt < (known.get(row.externalId) ?? row.modifiedAt))
  if (back.length <= fewest || isTrusted(sync.integration, sync.account.clock.now())) return
  throw new Igny8Error({
    code: 'SITE_RESTORED',
    message: `${back.length} items of the site are older than they were: it looks like a restored backup or a copy.`,
    hint: 'Look at the site. To take its state as it is: connections.resume with trustSite: true; what was here stays in the history.',
    details: { items: back.length },
  })
}
