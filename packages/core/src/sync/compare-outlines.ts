import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteOutline } from '../ports/platform-content.ts'
import type { SyncContext } from './sync-context.ts'

/** The links of the rows that have one. */
export async function findLinks(
  { account, integration }: SyncContext,
  rows: readonly RemoteOutline[],
): Promise<readonly SyncLink[]> {
  if (rows.length === 0) return []
  const externalIds = rows.map((row) => row.externalId)
  return account.storage.links.findByExternalIds(integration.id, 'content', externalIds)
}

/** Ids whose modified time or status is not what their link says, or whose last read may have hidden an edit. */
export function listDiffering(rows: readonly RemoteOutline[], links: readonly SyncLink[]): readonly string[] {
  const linkOf = new Map(links.map((link) => [link.externalId, link]))
  return rows
    .filter((row) => {
      const link = linkOf.get(row.externalId)
      if (link === undefined) return row.state !== 'trashed'
      const moved = link.remoteModifiedAt?.getTime() !== row.modifiedAt.getTime()
      return link.racy || moved || link.remoteStatus !== row.status || link.externalType !== row.type
    })
    .map((row) => row.externalId)
}
