import type { StoredAiSettings, StoredIntegration, StoredSite } from '@igny8/core'
import type { MemoryTables } from './memory-tables.ts'

/** An encrypted field, and how to write it. */
export interface EnvelopeSlot {
  readonly row: string
  readonly field: string
  readonly envelope: string
  /** Writes another envelope in the same place; the row's version grows. */
  replace(envelope: string): void
}

/** Every encrypted field of an account. */
export function envelopesOf(tables: MemoryTables): EnvelopeSlot[] {
  return [
    ...tables.sites.all().flatMap((site) => ofSite(tables, site)),
    ...tables.integrations.all().flatMap((integration) => ofIntegration(tables, integration)),
    ...tables.aiSettings.all().flatMap((settings) => ofAiSettings(tables, settings)),
  ]
}

/** The encrypted fields of the rows with this id. */
export function envelopesOfRow(tables: MemoryTables, row: string): EnvelopeSlot[] {
  const site = tables.sites.get(row)
  const integration = tables.integrations.get(row)
  const settings = tables.aiSettings.get(row)
  return [
    ...(site === undefined ? [] : ofSite(tables, site)),
    ...(integration === undefined ? [] : ofIntegration(tables, integration)),
    ...(settings === undefined ? [] : ofAiSettings(tables, settings)),
  ]
}

function ofSite({ sites }: MemoryTables, site: StoredSite): EnvelopeSlot[] {
  if (site.wpApiKey === null) return []
  const replace = (wpApiKey: string) => sites.set({ ...site, wpApiKey, version: site.version + 1 })
  return [{ row: site.id, field: 'wpApiKey', envelope: site.wpApiKey, replace }]
}

function ofIntegration({ integrations }: MemoryTables, integration: StoredIntegration): EnvelopeSlot[] {
  const { id: row, credentials, webhookSecrets } = integration
  const write = (change: Partial<StoredIntegration>) =>
    integrations.set({ ...integration, ...change, version: integration.version + 1 })
  const secrets = webhookSecrets.map((secret, index) => ({
    row,
    field: `webhookSecrets.${secret.id}`,
    envelope: secret.envelope,
    replace: (envelope: string) => write({ webhookSecrets: webhookSecrets.with(index, { ...secret, envelope }) }),
  }))
  if (credentials === null) return secrets
  const replace = (next: string) => write({ credentials: next })
  return [{ row, field: 'credentials', envelope: credentials, replace }, ...secrets]
}

function ofAiSettings({ aiSettings }: MemoryTables, settings: StoredAiSettings): EnvelopeSlot[] {
  return Object.entries(settings.apiKeys).map(([provider, envelope]) => ({
    row: settings.accountId,
    field: `apiKeys.${provider}`,
    envelope,
    replace: (next) =>
      aiSettings.set({
        ...settings,
        apiKeys: { ...settings.apiKeys, [provider]: next },
        version: settings.version + 1,
      }),
  }))
}
