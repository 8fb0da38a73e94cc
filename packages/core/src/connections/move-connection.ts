import { Igny8Error } from '../errors/igny8-error.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { StoredIntegration } from '../model/site-integration.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { PlatformClient } from '../ports/platform-adapter.ts'
import { type MoveInput, moveSchema } from './connection-schemas.ts'
import { loadIntegration, saveIntegration, saveSite } from './integration-access.ts'

/** How many linked items are compared before a site is believed to be the same. */
const sampleSize = 20

/**
 * Points an integration at a new address of the same site.
 *
 * The stored credential must work there, and at least half of a sample of linked items must be found under their ids;
 * otherwise `SITE_MISMATCH`, and nothing changes.
 */
export async function moveConnection(context: AccountContext, input: MoveInput): Promise<StoredIntegration> {
  const { integrationId, url: typed, signal } = parseInput(moveSchema, input)
  const { storage, clock } = context
  const before = await loadIntegration(storage, integrationId)
  const adapter = context.platform(before.platform)
  const url = adapter.normaliseUrl(typed)
  const site = await storage.sites.get(before.siteId)
  const envelope = adapter.traits.credentials === 'site' ? site?.wpApiKey : before.credentials
  if (site === undefined || envelope == null) throw mismatch('The integration has no credential to try there.')
  const place =
    adapter.traits.credentials === 'site'
      ? { row: site.id, field: 'wpApiKey' }
      : { row: before.id, field: 'credentials' }
  const client = context.openCandidate(before.platform, url, await context.vault.open(envelope, place))
  await client.testConnection({ signal })
  await compareSample(context, before, client, signal)
  const structure = await client.readStructure({ signal })
  const now = clock.now()
  const moved = await storage.transaction(async (stores) => {
    await saveSite(stores, site, { url, timezone: structure.timezone }, now)
    const next = await saveIntegration(
      stores,
      before,
      { externalSiteUrl: url, connectionStatus: 'connected', config: { ...before.config, structure } },
      now,
    )
    await stores.outbox.append([
      context.newEvent('integration.moved', before.id, { from: before.externalSiteUrl, to: url }),
    ])
    return next
  })
  context.committed()
  return moved
}

async function compareSample(
  context: AccountContext,
  integration: StoredIntegration,
  client: PlatformClient,
  signal: AbortSignal | undefined,
): Promise<void> {
  const sample = await context.storage.links.list({ integrationId: integration.id, kind: 'content', limit: sampleSize })
  const living = sample.items.filter((link) => link.deletedAt === null)
  if (living.length === 0) return
  let same = 0
  for (const link of living) {
    const lookup = await client.content.get({ type: link.externalType, externalId: link.externalId }, { signal })
    if (lookup.kind === 'found' && lookup.content.fields.slug === link.remoteBase?.slug) same++
  }
  if (same * 2 < living.length)
    throw mismatch(`Only ${same} of ${living.length} known items stand there under the same id and slug.`)
}

function mismatch(message: string): Igny8Error {
  return new Igny8Error({
    code: 'SITE_MISMATCH',
    message: `This does not look like the same site. ${message}`,
    hint: 'Check the address. To work with a different site, connect it as a new one.',
  })
}
