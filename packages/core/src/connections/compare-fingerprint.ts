import type { StoredIntegration } from '../model/site-integration.ts'
import type { SiteStructure } from '../model/site-structure.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { PlatformClient } from '../ports/platform-adapter.ts'
import type { RemoteContent } from '../ports/platform-content.ts'

/** How many linked items are compared before a site is believed to be the same. */
const sampleSize = 40

export interface Fingerprint {
  /** At least half of the sample stands there under its id and slug; or there is nothing to compare. */
  readonly isSame: boolean
  readonly compared: number
  readonly same: number
}

/** Compares a sample of linked items with what stands under their ids: another site at the address has other items there. */
export async function compareFingerprint(
  context: AccountContext,
  integration: StoredIntegration,
  client: PlatformClient,
  structure: SiteStructure,
  signal: AbortSignal | undefined,
): Promise<Fingerprint> {
  const query = { integrationId: integration.id, kind: 'content', limit: sampleSize } as const
  const { items } = await context.storage.links.list(query)
  const sample = items.filter((link) => link.deletedAt === null)
  const found = new Map<string, RemoteContent>()
  const known = new Set(structure.contentTypes.map(({ type }) => type))
  // A type that the site does not have any more has none of its items.
  for (const type of new Set(sample.map((link) => link.externalType)))
    if (known.has(type))
      for (const content of await readItems(client, type, sample, signal)) found.set(content.externalId, content)
  const same = sample.filter((link) => found.get(link.externalId)?.fields.slug === link.remoteBase?.slug).length
  return { isSame: same * 2 >= sample.length, compared: sample.length, same }
}

async function readItems(
  client: PlatformClient,
  type: string,
  sample: readonly SyncLink[],
  signal: AbortSignal | undefined,
): Promise<readonly RemoteContent[]> {
  const externalIds = sample.filter((link) => link.externalType === type).map((link) => link.externalId)
  if (client.pull !== undefined) {
    const rows: RemoteContent[] = []
    for (let from = 0; from < externalIds.length; from += client.pull.maxPageSize) {
      const part = externalIds.slice(from, from + client.pull.maxPageSize)
      rows.push(...(await client.pull.getMany({ type, externalIds: part }, { signal })).rows)
    }
    return rows
  }
  const lookups = await Promise.all(
    externalIds.map((externalId) => client.content.get({ type, externalId }, { signal })),
  )
  return lookups.flatMap((lookup) => (lookup.kind === 'found' ? [lookup.content] : []))
}
