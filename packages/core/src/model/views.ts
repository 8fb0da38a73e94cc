import type { SecretView, Site, StoredSite } from './site.ts'
import type { SiteIntegration, StoredIntegration, WebhookSecretView } from './site-integration.ts'

/** A site without its key and envelope. */
export function mapStoredSiteToSite(stored: StoredSite, wpApiKey: SecretView): Site {
  const { siteKey: _siteKey, wpApiKey: _envelope, ...shown } = stored
  return { ...shown, wpApiKey }
}

/** An integration without its envelopes. */
export function mapStoredIntegrationToView(
  stored: StoredIntegration,
  credentials: SecretView,
  webhookSecrets: readonly WebhookSecretView[],
): SiteIntegration {
  return { ...stored, credentials, webhookSecrets }
}
