import type { PullState } from '../model/pull-state.ts'
import type { PlatformPull } from '../ports/platform-pull.ts'
import { readWhole } from './read-whole.ts'
import type { SyncContext } from './sync-context.ts'

const itemsAtOnce = 200
/** What was compared whole so recently need not be again. */
const freshMs = 3_600_000

/** Compares the items whole that were not for longest: terms and meta change without a trace in the modified time. */
export async function rehashOldest(sync: SyncContext, pull: PlatformPull, standing: PullState): Promise<PullState> {
  const { account, integration } = sync
  const oldest = await account.storage.links.listLeastRecentlyVerified(integration.id, itemsAtOnce)
  const before = account.clock.now().getTime() - freshMs
  const stale = oldest.filter(
    (link) => link.externalType === standing.scope && (link.verifiedAt === null || link.verifiedAt.getTime() < before),
  )
  return readWhole(
    sync,
    pull,
    standing,
    stale.map((link) => link.externalId),
  )
}
