import type { StoredIntegration } from '../model/site-integration.ts'
import type { Page, PageQuery } from './page.ts'

/** Which integrations are meant; what is left out does not matter. */
export interface IntegrationFilter {
  readonly siteId?: string | undefined
  readonly platform?: string | undefined
  /** Dormant ones too. @default false */
  readonly includeRemoved?: boolean | undefined
}

/** Integrations of one account. */
export interface IntegrationStore {
  /** Dormant ones too. */
  get(integrationId: string): Promise<StoredIntegration | undefined>
  /** Dormant ones too: that is how a reconnected site finds its links again. */
  findByUrl(platform: string, externalSiteUrl: string): Promise<StoredIntegration | undefined>
  /** Oldest first. */
  list(query: IntegrationFilter & PageQuery): Promise<Page<StoredIntegration>>
  count(filter: IntegrationFilter): Promise<number>
  /** Throws `SITE_ALREADY_CONNECTED` where the account has this platform and URL already, dormant or not. */
  insert(integration: StoredIntegration): Promise<void>
  /** Compare-and-set on `version`. Throws `SITE_ALREADY_CONNECTED` where the new URL is taken. */
  update(integration: StoredIntegration, expectedVersion: number): Promise<boolean>
}
