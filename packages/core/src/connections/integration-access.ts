import { notFound, versionConflict } from '../errors/not-found.ts'
import type { StoredSite } from '../model/site.ts'
import type { SiteIntegration, StoredIntegration } from '../model/site-integration.ts'
import { mapStoredIntegrationToView } from '../model/views.ts'
import { webhookSecretPlace } from '../model/webhook-secrets.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'

/** The integration, dormant ones left out. Throws `NOT_FOUND`. */
export async function loadIntegration(stores: AccountStores, integrationId: string): Promise<StoredIntegration> {
  const integration = await stores.integrations.get(integrationId)
  if (integration === undefined || integration.removedAt !== null) throw notFound('integration', integrationId)
  return integration
}

/** What the API shows of it. */
export async function viewIntegration(context: AccountContext, stored: StoredIntegration): Promise<SiteIntegration> {
  const { vault } = context
  return mapStoredIntegrationToView(
    stored,
    await vault.view(stored.credentials, { row: stored.id, field: 'credentials' }),
    await Promise.all(
      stored.webhookSecrets.map(async ({ id, envelope, createdAt }) => ({
        id,
        ...(await vault.view(envelope, webhookSecretPlace(stored.id, id))),
        createdAt,
      })),
    ),
  )
}

/** Writes a changed integration inside a transaction; its version grows by one. Throws `VERSION_CONFLICT`. */
export async function saveIntegration(
  stores: AccountStores,
  before: StoredIntegration,
  changes: Partial<StoredIntegration>,
  now: Date,
): Promise<StoredIntegration> {
  const next = { ...before, ...changes, version: before.version + 1, updatedAt: now }
  if (!(await stores.integrations.update(next, before.version))) throw versionConflict('integration', before.id)
  return next
}

/** The same for a site. */
export async function saveSite(
  stores: AccountStores,
  before: StoredSite,
  changes: Partial<StoredSite>,
  now: Date,
): Promise<StoredSite> {
  const next = { ...before, ...changes, version: before.version + 1, updatedAt: now }
  if (!(await stores.sites.update(next, before.version))) throw versionConflict('site', before.id)
  return next
}
