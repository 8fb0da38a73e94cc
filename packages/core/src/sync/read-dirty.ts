import { isIgny8Error } from '../errors/igny8-error.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { DirtyItem } from '../model/webhook-delivery.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { PlatformPull, RemotePage } from '../ports/platform-pull.ts'
import { ghostOf, locate } from './confirm-missing.ts'
import type { SyncContext } from './sync-context.ts'

/** A dirty item and its link as they stood before the site was asked. */
export interface DirtyEntry {
  readonly item: DirtyItem
  readonly link: SyncLink | undefined
  /** Our clock when it was asked for: what was committed since is newer. */
  readonly readAt: Date
}

/** What the site holds under a dirty item's id now; a linked item that is proven to be gone is `found` in the trash. */
export type ReadEntry = DirtyEntry &
  (
    | { readonly kind: 'found'; readonly remote: RemoteContent; readonly serverTime: Date | null }
    | { readonly kind: 'rejected'; readonly problem: string }
    | { readonly kind: 'absent' }
  )

interface Pending extends DirtyEntry {
  /** Where it may stand, likeliest first. */
  readonly types: readonly string[]
}

/**
 * Reads dirty items by id, many in a request: on the type that each is linked under, else the one that was hinted at, else on every type. The
 * hint only orders: it may be a lie.
 */
export async function readDirty(
  sync: SyncContext,
  pull: PlatformPull,
  items: readonly DirtyItem[],
): Promise<readonly ReadEntry[]> {
  const externalIds = items.map((item) => item.externalId)
  const readAt = sync.account.clock.now()
  const links = await sync.account.storage.links.findByExternalIds(sync.integration.id, 'content', externalIds)
  const linkOf = new Map(links.map((link) => [link.externalId, link]))
  let pending: readonly Pending[] = items.map((item) => {
    const link = linkOf.get(item.externalId)
    return { item, link, readAt, types: typesToAsk(sync, item, link) }
  })
  const read: ReadEntry[] = []
  while (pending.length > 0) {
    const elsewhere: Pending[] = []
    for (const [type, group] of byFirstType(pending)) {
      const page = type === undefined ? nothing : await getMany(sync, pull, type, group)
      const rowOf = new Map(page.rows.map((row) => [row.externalId, row]))
      const problemOf = new Map(page.rejected.map((row) => [row.externalId, row.problem]))
      for (const { types, ...entry } of group) {
        const { externalId } = entry.item
        const remote = rowOf.get(externalId)
        const problem = problemOf.get(externalId)
        if (remote !== undefined) read.push({ ...entry, kind: 'found', remote, serverTime: page.serverTime })
        else if (problem !== undefined) read.push({ ...entry, kind: 'rejected', problem })
        else if (types.length > 1) elsewhere.push({ ...entry, types: types.slice(1) })
        else read.push(await confirmAbsence(sync, entry))
      }
    }
    pending = elsewhere
  }
  return read
}

/** The types that sync touches. */
export function syncedTypeNames({ structure, integration }: SyncContext): readonly string[] {
  const known = structure.contentTypes.map(({ type }) => type)
  return known.filter((type) => integration.config.syncedTypes?.includes(type) ?? true)
}

/** What is linked may have become any type; what is not is only looked for where it would be taken from. */
function typesToAsk(sync: SyncContext, { externalType }: DirtyItem, link: SyncLink | undefined): readonly string[] {
  const known = link === undefined ? syncedTypeNames(sync) : sync.structure.contentTypes.map(({ type }) => type)
  const hinted = known.filter((type) => type === externalType)
  return [...new Set([...(link === undefined ? [] : [link.externalType]), ...hinted, ...known])]
}

function byFirstType(pending: readonly Pending[]): ReadonlyMap<string | undefined, readonly Pending[]> {
  const groups = new Map<string | undefined, Pending[]>()
  for (const entry of pending) {
    const [type] = entry.types
    groups.set(type, [...(groups.get(type) ?? []), entry])
  }
  return groups
}

type Rows = Pick<RemotePage<RemoteContent>, 'rows' | 'rejected'> & { readonly serverTime: Date | null }

const nothing: Rows = { rows: [], rejected: [], serverTime: null }

async function getMany(sync: SyncContext, pull: PlatformPull, type: string, group: readonly Pending[]): Promise<Rows> {
  const externalIds = group.map(({ item }) => item.externalId)
  try {
    return await pull.getMany({ type, externalIds }, { signal: sync.signal })
  } catch (error) {
    // The site has lost the type since its structure was read. Whether the item went with it is proven below.
    if (isIgny8Error(error) && error.code === 'REMOTE_NOT_FOUND') return nothing
    throw error
  }
}

/**
 * A linked item is believed to be gone only where the site says so for every type, first for its own; anything short of proof throws. On what was
 * never here, or is deleted here already, nothing depends.
 */
async function confirmAbsence(sync: SyncContext, entry: DirtyEntry): Promise<ReadEntry> {
  const { link } = entry
  if (link === undefined || link.deletedAt !== null) return { ...entry, kind: 'absent' }
  const remote = (await locate(sync, link)) ?? ghostOf(link)
  return { ...entry, kind: 'found', remote, serverTime: null }
}
