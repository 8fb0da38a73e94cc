import { Igny8Error } from '../errors/igny8-error.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { StoredIntegration } from '../model/site-integration.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { compareFingerprint } from './compare-fingerprint.ts'
import { type MoveInput, moveSchema } from './connection-schemas.ts'
import { loadIntegration, saveIntegration, saveSite } from './integration-access.ts'

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
  const structure = await client.readStructure({ signal })
  const { isSame, same, compared } = await compareFingerprint(context, before, client, structure, signal)
  if (!isSame) throw mismatch(`Only ${same} of ${compared} known items stand there under the same id and slug.`)
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

function mismatch(message: string): Igny8Error {
  return new Igny8Error({
    code: 'SITE_MISMATCH',
    message: `This does not look like the same site. ${message}`,
    hint: 'Check the address. To work with a different site, connect it as a new one.',
  })
}
