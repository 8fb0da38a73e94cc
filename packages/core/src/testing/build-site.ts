import type { StoredSite } from '../model/site.ts'
import type { StoredIntegration } from '../model/site-integration.ts'
import { buildId, buildRowColumns } from './build-identity.ts'

/** Makes the `number`th site: on WordPress, without a credential. */
export function buildSite(overrides: Partial<StoredSite> = {}, number = 1): StoredSite {
  return {
    ...buildRowColumns(number),
    id: buildId('site', number),
    name: `Site ${number}`,
    url: `https://site-${number}.example`,
    timezone: 'Europe/Berlin',
    wpApiKey: null,
    siteKey: `site-key-${number}`,
    ...overrides,
  }
}

/** Makes the integration of the `number`th site: active, connected, never synced. */
export function buildIntegration(overrides: Partial<StoredIntegration> = {}, number = 1): StoredIntegration {
  return {
    ...buildRowColumns(number),
    id: buildId('integration', number),
    siteId: buildId('site', number),
    platform: 'wordpress',
    externalSiteUrl: `https://site-${number}.example`,
    isActive: true,
    syncEnabled: true,
    lastSyncAt: null,
    syncStatus: 'pending',
    syncError: null,
    connectionStatus: 'connected',
    config: {
      structure: null,
      syncedTypes: null,
      conflicts: 'ask',
      deletions: 'keep',
      allowUnsignedWebhooks: false,
      schedule: { everyMinutes: 60 },
    },
    credentials: null,
    webhookSecrets: [],
    pausedReason: null,
    pausedUntil: null,
    trustedUntil: null,
    nextSyncAt: null,
    removedAt: null,
    ...overrides,
  }
}
