import { Igny8Error } from '../errors/igny8-error.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { StoredSite } from '../model/site.ts'
import type { IntegrationConfig, StoredIntegration } from '../model/site-integration.ts'
import type { SiteStructure } from '../model/site-structure.ts'
import { defaultSyncSchedule } from '../model/sync-schedule.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { ConnectionReport, PlatformAdapter, PlatformClient } from '../ports/platform-adapter.ts'
import type { Secret } from '../ports/secret.ts'
import { compareFingerprint } from './compare-fingerprint.ts'
import { type ConnectInput, connectSchema } from './connection-schemas.ts'
import { saveIntegration, saveSite } from './integration-access.ts'

export interface Connected {
  readonly site: StoredSite
  readonly integration: StoredIntegration
  readonly report: ConnectionReport
  /** Whether links of an earlier connection came back to life. */
  readonly revived: boolean
}

/** The credential that a person entered, checked by the platform's own schema, as the one secret to keep. */
export function readCredential(
  context: AccountContext,
  adapter: PlatformAdapter,
  given: Readonly<Record<string, unknown>>,
): Secret {
  return context.vault.wrap(adapter.credentials.toSecret(parseInput(adapter.credentials.schema, given)))
}

/** Tests the connection, reads the site's structure, and only then saves: a failure leaves nothing behind. */
export async function connect(context: AccountContext, input: ConnectInput): Promise<Connected> {
  const { platform, url: typed, name, signal, ...credential } = parseInput(connectSchema, input)
  const adapter = context.platform(platform)
  const url = adapter.normaliseUrl(typed)
  await refuseSecondConnection(context, platform, url)
  const secret = readCredential(context, adapter, credential)
  const client = context.openCandidate(platform, url, secret)
  const report = await client.testConnection({ signal })
  const structure = await client.readStructure({ signal })
  const dormant = await findDormant(context, platform, url, client, structure, signal)
  const saved = await save(context, {
    adapter,
    url,
    name: name ?? (report.siteName || url),
    secret,
    structure,
    dormant,
  })
  context.committed()
  return { ...saved, report }
}

async function refuseSecondConnection(context: AccountContext, platform: string, url: string): Promise<void> {
  const standing = await context.storage.integrations.findByUrl(platform, url)
  if (standing === undefined || standing.removedAt !== null) return
  throw new Igny8Error({
    code: 'SITE_ALREADY_CONNECTED',
    message: 'This account is connected to this site already.',
    hint: 'Use the integration that stands, or rotate its credentials; remove it first to connect anew.',
    details: { integrationId: standing.id, siteId: standing.siteId },
  })
}

/**
 * An earlier connection to this address, whose links come back to life. Where another site stands at the address now, its links would tie our contents to foreign items: it is
 * put aside under an address of its own, and the site is connected as a new one.
 */
async function findDormant(
  context: AccountContext,
  platform: string,
  url: string,
  client: PlatformClient,
  structure: SiteStructure,
  signal: AbortSignal | undefined,
): Promise<StoredIntegration | undefined> {
  const { storage, clock } = context
  const dormant = await storage.integrations.findByUrl(platform, url)
  if (dormant === undefined) return undefined
  const { isSame } = await compareFingerprint(context, dormant, client, structure, signal)
  if (isSame) return dormant
  await storage.transaction(async (stores) => {
    const externalSiteUrl = `${url}#replaced-${dormant.id}`
    await saveIntegration(stores, dormant, { externalSiteUrl }, clock.now())
    const site = await stores.sites.get(dormant.siteId)
    if (site?.url === url) await saveSite(stores, site, { url: externalSiteUrl }, clock.now())
    await stores.outbox.append([context.newEvent('integration.replaced', dormant.id, { url })])
  })
  return undefined
}

interface Proven {
  readonly adapter: PlatformAdapter
  readonly url: string
  readonly name: string
  readonly secret: Secret
  readonly structure: SiteStructure
  readonly dormant: StoredIntegration | undefined
}

/** Site and integration in one transaction; a dormant integration of the same URL is woken with its links. */
async function save(context: AccountContext, proven: Proven): Promise<Omit<Connected, 'report'>> {
  const { storage, clock, vault } = context
  const { adapter, url, structure, dormant } = proven
  const now = clock.now()
  const known = dormant === undefined ? await storage.sites.findByUrl(url) : await storage.sites.get(dormant.siteId)
  const siteId = known?.id ?? context.newId()
  const integrationId = dormant?.id ?? context.newId()
  const onSite = adapter.traits.credentials === 'site'
  const place = onSite ? { row: siteId, field: 'wpApiKey' } : { row: integrationId, field: 'credentials' }
  const envelope = await vault.seal(proven.secret.reveal(), place)
  const planned = { id: integrationId, config: { ...(dormant?.config ?? defaultConfig), structure } }
  const siteChanges = { timezone: structure.timezone, ...(onSite ? { wpApiKey: envelope } : {}) }
  const live = {
    isActive: true,
    connectionStatus: 'connected',
    syncStatus: 'pending',
    syncError: null,
    credentials: onSite ? null : envelope,
    pausedReason: null,
    pausedUntil: null,
    removedAt: null,
    nextSyncAt: dormant?.syncEnabled === false ? null : await context.planSync(planned),
  } as const
  return storage.transaction(async (stores) => {
    const site =
      known === undefined
        ? {
            id: siteId,
            accountId: context.accountId,
            name: proven.name,
            url,
            wpApiKey: null,
            siteKey: context.randomHex(32),
            version: 1,
            createdAt: now,
            updatedAt: now,
            ...siteChanges,
          }
        : await saveSite(stores, known, siteChanges, now)
    if (known === undefined) await stores.sites.insert(site)
    const integration =
      dormant === undefined
        ? newIntegration(
            context,
            { ...planned, siteId, platform: adapter.platform, externalSiteUrl: url, ...live },
            now,
          )
        : await saveIntegration(stores, dormant, { ...live, config: planned.config }, now)
    if (dormant === undefined) await stores.integrations.insert(integration)
    await stores.outbox.append([
      context.newEvent('integration.connected', integrationId, {
        platform: adapter.platform,
        siteId,
        revived: dormant !== undefined,
      }),
    ])
    return { site, integration, revived: dormant !== undefined }
  })
}

type LiveFields = Pick<
  StoredIntegration,
  | 'id'
  | 'siteId'
  | 'platform'
  | 'externalSiteUrl'
  | 'isActive'
  | 'connectionStatus'
  | 'syncStatus'
  | 'syncError'
  | 'credentials'
  | 'pausedReason'
  | 'pausedUntil'
  | 'removedAt'
  | 'config'
  | 'nextSyncAt'
>

const defaultConfig: IntegrationConfig = {
  structure: null,
  syncedTypes: null,
  conflicts: 'ask',
  deletions: 'keep',
  allowUnsignedWebhooks: false,
  schedule: defaultSyncSchedule,
}

function newIntegration(context: AccountContext, live: LiveFields, now: Date): StoredIntegration {
  return {
    ...live,
    accountId: context.accountId,
    syncEnabled: true,
    lastSyncAt: null,
    webhookSecrets: [],
    trustedUntil: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}
