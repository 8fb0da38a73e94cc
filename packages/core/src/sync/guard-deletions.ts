import { Igny8Error } from '../errors/igny8-error.ts'
import type { StoredIntegration } from '../model/site-integration.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { LinkFilter } from '../ports/link-store.ts'
import type { AccountStores } from '../ports/storage.ts'
import type { SyncContext } from './sync-context.ts'

const windowMs = 24 * 3_600_000
/** A few are always believed; more only up to a share of the site. */
const fewest = 3
const share = 0.1

/**
 * Refuses one deletion too many, by whatever route it came: more than 3 and more than a tenth of the site's items within a day, or the last of several items of a type. A
 * site that was emptied, restored or broken must not empty what is kept here: a person decides. What was removed here first counts for nothing.
 *
 * Called inside the transaction that would delete. Throws `DELETIONS_SUSPECTED`.
 */
export async function guardDeletions(sync: SyncContext, stores: AccountStores, link: SyncLink): Promise<void> {
  const { integration, account } = sync
  const now = account.clock.now()
  const current = await stores.integrations.get(integration.id)
  if (isTrusted(current, now)) return
  const deletedSince = new Date(now.getTime() - windowMs)
  const filter = { integrationId: integration.id, kind: 'content' } as const
  const ofType = { ...filter, externalType: link.externalType }
  const [living, deleted, livingOfType, deletedOfType] = await Promise.all([
    stores.links.count({ ...filter, state: 'living' }),
    stores.links.count({ ...filter, deletedSince }),
    stores.links.count({ ...ofType, state: 'living' }),
    stores.links.count({ ...ofType, deletedSince }),
  ])
  if (!isSuspect({ living, deleted, livingOfType, deletedOfType })) return
  const taken = await countTakenThere(stores, { ...filter, deletedSince }, link.externalType)
  if (isSuspect({ living, livingOfType, ...taken }))
    throw suspected(link.externalType, taken.deleted + 1, living + taken.deleted)
}

interface Counts {
  readonly living: number
  readonly deleted: number
  readonly livingOfType: number
  readonly deletedOfType: number
}

function isSuspect({ living, deleted, livingOfType, deletedOfType }: Counts): boolean {
  const isTooMany = deleted + 1 > Math.max(fewest, Math.floor((living + deleted) * share))
  const isLastOfMany = livingOfType <= 1 && deletedOfType >= 1
  return isTooMany || isLastOfMany
}

/** Those that the site took away: what was removed here first went as somebody here had asked, and says nothing of the site. */
async function countTakenThere(
  stores: AccountStores,
  filter: LinkFilter,
  type: string,
): Promise<Pick<Counts, 'deleted' | 'deletedOfType'>> {
  let [deleted, deletedOfType] = [0, 0]
  let cursor: string | undefined
  do {
    const page = await stores.links.list({ ...filter, limit: 500, cursor })
    const contents = await stores.content.getMany(page.items.map(({ localId }) => localId))
    const removedAt = new Map(contents.map((content) => [content.id, content.removedAt?.getTime()]))
    for (const link of page.items)
      if (removedAt.get(link.localId) === link.deletedAt?.getTime()) {
        deleted++
        if (link.externalType === type) deletedOfType++
      }
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return { deleted, deletedOfType }
}

/** Whether a person said that the site is to be believed now. */
export function isTrusted(integration: Pick<StoredIntegration, 'trustedUntil'> | undefined, now: Date): boolean {
  return integration?.trustedUntil != null && integration.trustedUntil > now
}

function suspected(type: string, deleted: number, total: number): Igny8Error {
  return new Igny8Error({
    code: 'DELETIONS_SUSPECTED',
    message: `${deleted} of ${total} items would be gone from the site within a day, the last one of type "${type}".`,
    hint: 'Look at the site. If the deletions are meant: connections.resume with trustSite: true. If not, restore the site and resume.',
    details: { deleted, total, type },
  })
}
