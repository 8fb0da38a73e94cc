import { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
import { versionConflict } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { Site } from '../model/site.ts'
import type { SiteIntegration, StoredIntegration } from '../model/site-integration.ts'
import type { ContentTypeInfo, SiteStructure } from '../model/site-structure.ts'
import { mapStoredSiteToSite } from '../model/views.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Page } from '../ports/page.ts'
import type { CollectionReport, ConnectionReport } from '../ports/platform-adapter.ts'
import { connect, readCredential } from './connect.ts'
import {
  type AuthorizationInput,
  authorizationSchema,
  type CollectionInput,
  type ConnectInput,
  collectionSchema,
  type IntegrationInput,
  integrationSchema,
  type ListIntegrationsInput,
  listIntegrationsSchema,
  type MoveInput,
  type RemoveWebhookSecretInput,
  type ResumeInput,
  type RotateInput,
  resumeSchema,
  rotateSchema,
  type UpdateIntegrationInput,
  updateIntegrationSchema,
  type WebhookSecretInput,
} from './connection-schemas.ts'
import { type CreatedWebhookSecret, createWebhookSecret } from './create-webhook-secret.ts'
import { loadIntegration, saveIntegration, saveSite, viewIntegration } from './integration-access.ts'
import { moveConnection } from './move-connection.ts'
import { removeWebhookSecret } from './remove-webhook-secret.ts'

/** The outcome of a test, as the API shows it: a failure is a diagnosis, not an exception. */
export type ConnectionTest =
  | { readonly ok: true; readonly report: ConnectionReport }
  | {
      readonly ok: false
      readonly code: string
      readonly cause: string
      readonly fix: string | null
      readonly retryable: boolean
    }

/** Connections of one account to its customers' sites. */
export interface ConnectionApi {
  /**
   * The setup flow: tests first, then saves. A failure throws the diagnosis and leaves nothing behind; a site that was connected
   * before gets its links back. Throws `SITE_ALREADY_CONNECTED`.
   */
  connect(input: ConnectInput): Promise<{
    readonly site: Site
    readonly integration: SiteIntegration
    readonly report: ConnectionReport
    readonly revived: boolean
  }>
  get(integrationId: string): Promise<SiteIntegration>
  /** Oldest first. */
  list(input?: ListIntegrationsInput): Promise<Page<SiteIntegration> & { readonly count: number }>
  /** Enables, disables, and sets policies. */
  update(input: UpdateIntegrationInput): Promise<SiteIntegration>
  /** Forgets the credential, keeps content and dormant links. Idempotent. */
  remove(integrationId: string): Promise<void>
  /** To another address of the same site. Throws `SITE_MISMATCH`. */
  move(input: MoveInput): Promise<SiteIntegration>
  /** Takes new credentials after proving them; the old ones stay until then. */
  rotate(input: RotateInput): Promise<SiteIntegration>
  /** A new secret for the site to sign its webhooks with, shown this once. The one before it holds too, older ones no more. */
  createWebhookSecret(input: WebhookSecretInput): Promise<CreatedWebhookSecret>
  /** Takes a webhook secret away at once. Throws `NOT_FOUND` for an unknown one. */
  removeWebhookSecret(input: RemoveWebhookSecretInput): Promise<SiteIntegration>
  /**
   * Ends a pause. With `trustSite` the site is believed for an hour even where it looks emptied or restored from a backup: what is missing there is then removed here, its
   * bodies kept.
   */
  resume(input: ResumeInput): Promise<SiteIntegration>
  /** Who we are on the site and what we may do; records whether the connection stands. */
  testConnection(input: IntegrationInput): Promise<ConnectionTest>
  /** Whether the credential can read and write this content type. */
  testCollectionConnection(input: CollectionInput): Promise<CollectionReport>
  /** Reads types, taxonomies, statuses and zone again, and keeps them. */
  updateStructure(input: IntegrationInput): Promise<SiteStructure>
  /** Types with their current counts. */
  contentTypes(input: IntegrationInput): Promise<readonly ContentTypeInfo[]>
  /** Where to send a person who grants access with one click. Throws `UNSUPPORTED`. */
  authorizationUrl(input: AuthorizationInput): Promise<string>
}

/** Long enough for a sync, short enough that nothing is forgotten open. */
const trustMs = 3_600_000

export function createConnectionApi(context: AccountContext): ConnectionApi {
  const { storage, clock, vault } = context
  const view = (stored: StoredIntegration) => viewIntegration(context, stored)

  async function updateStructure(input: IntegrationInput): Promise<SiteStructure> {
    const { integrationId, signal } = parseInput(integrationSchema, input)
    const client = await context.openClient(await loadIntegration(storage, integrationId))
    const structure = await client.readStructure({ signal })
    await storage.transaction(async (stores) => {
      const now = clock.now()
      const integration = await loadIntegration(stores, integrationId)
      await saveIntegration(stores, integration, { config: { ...integration.config, structure } }, now)
      const site = await stores.sites.get(integration.siteId)
      if (site !== undefined && site.timezone !== structure.timezone)
        await saveSite(stores, site, { timezone: structure.timezone }, now)
    })
    return structure
  }

  async function recordConnection(integrationId: string, connectionStatus: 'connected' | 'error'): Promise<void> {
    await storage.transaction(async (stores) => {
      const integration = await loadIntegration(stores, integrationId)
      if (integration.connectionStatus === connectionStatus) return
      await saveIntegration(stores, integration, { connectionStatus }, clock.now())
      await stores.outbox.append([context.newEvent(`integration.${connectionStatus}`, integrationId)])
    })
    context.committed()
  }

  return {
    async connect(input) {
      const { site, integration, report, revived } = await connect(context, input)
      const wpApiKey = await vault.view(site.wpApiKey, { row: site.id, field: 'wpApiKey' })
      return { site: mapStoredSiteToSite(site, wpApiKey), integration: await view(integration), report, revived }
    },
    get: async (integrationId) => {
      parseInput(integrationSchema, { integrationId })
      return view(await loadIntegration(storage, integrationId))
    },
    async list(input = {}) {
      const query = parseInput(listIntegrationsSchema, input)
      const [page, count] = await Promise.all([storage.integrations.list(query), storage.integrations.count(query)])
      return { items: await Promise.all(page.items.map(view)), nextCursor: page.nextCursor, count }
    },
    async update(input) {
      const { integrationId, version, changes } = parseInput(updateIntegrationSchema, input)
      const before = await loadIntegration(storage, integrationId)
      const planned = { ...before.config, ...definedOnly(changes.config ?? {}) }
      const plannedAt = await context.planSync({ id: integrationId, config: planned })
      const saved = await storage.transaction(async (stores) => {
        const integration = await loadIntegration(stores, integrationId)
        if (version !== undefined && version !== integration.version)
          throw versionConflict('integration', integrationId)
        const config = { ...integration.config, ...definedOnly(changes.config ?? {}) }
        const { isActive = integration.isActive, syncEnabled = integration.syncEnabled } = changes
        const isScheduled = isActive && syncEnabled
        const keepsTime = changes.config?.schedule === undefined && integration.nextSyncAt !== null
        const nextSyncAt = isScheduled ? (keepsTime ? integration.nextSyncAt : plannedAt) : null
        const fields = { isActive, syncEnabled, config, nextSyncAt }
        const next = await saveIntegration(stores, integration, fields, clock.now())
        await stores.outbox.append([context.newEvent('integration.updated', integrationId, { isActive, syncEnabled })])
        return next
      })
      context.committed()
      return view(saved)
    },
    async remove(integrationId) {
      parseInput(integrationSchema, { integrationId })
      const adapterOf = (integration: StoredIntegration) => context.platform(integration.platform)
      await storage.transaction(async (stores) => {
        const now = clock.now()
        const integration = await stores.integrations.get(integrationId)
        if (integration === undefined) return loadIntegration(stores, integrationId)
        if (integration.removedAt !== null) return
        const site = await stores.sites.get(integration.siteId)
        if (site !== undefined && adapterOf(integration).traits.credentials === 'site')
          await saveSite(stores, site, { wpApiKey: null }, now)
        await saveIntegration(
          stores,
          integration,
          { removedAt: now, isActive: false, credentials: null, webhookSecrets: [], nextSyncAt: null },
          now,
        )
        await stores.outbox.append([context.newEvent('integration.removed', integrationId)])
      })
      context.committed()
    },
    async move(input) {
      return view(await moveConnection(context, input))
    },
    createWebhookSecret: (input) => createWebhookSecret(context, input),
    async removeWebhookSecret(input) {
      return view(await removeWebhookSecret(context, input))
    },
    async rotate(input) {
      const { integrationId, signal, ...credential } = parseInput(rotateSchema, input)
      const before = await loadIntegration(storage, integrationId)
      const adapter = context.platform(before.platform)
      const secret = readCredential(context, adapter, credential)
      await context.openCandidate(before.platform, before.externalSiteUrl, secret).testConnection({ signal })
      const onSite = adapter.traits.credentials === 'site'
      const place = onSite ? { row: before.siteId, field: 'wpApiKey' } : { row: before.id, field: 'credentials' }
      const envelope = await vault.seal(secret.reveal(), place)
      const saved = await storage.transaction(async (stores) => {
        const now = clock.now()
        const integration = await loadIntegration(stores, integrationId)
        const site = await stores.sites.get(integration.siteId)
        if (onSite && site !== undefined) await saveSite(stores, site, { wpApiKey: envelope }, now)
        const changes = { connectionStatus: 'connected', pausedReason: null, pausedUntil: null } as const
        await stores.outbox.append([context.newEvent('integration.rotated', integrationId)])
        return saveIntegration(stores, integration, onSite ? changes : { ...changes, credentials: envelope }, now)
      })
      context.committed()
      return view(saved)
    },
    async resume(input) {
      const { integrationId, trustSite } = parseInput(resumeSchema, input)
      const saved = await storage.transaction(async (stores) => {
        const now = clock.now()
        const integration = await loadIntegration(stores, integrationId)
        const trustedUntil = trustSite ? new Date(now.getTime() + trustMs) : null
        await stores.outbox.append([context.newEvent('integration.resumed', integrationId, { trustSite })])
        return saveIntegration(stores, integration, { pausedReason: null, pausedUntil: null, trustedUntil }, now)
      })
      context.committed()
      return view(saved)
    },
    async testConnection(input) {
      const { integrationId, signal } = parseInput(integrationSchema, input)
      const client = await context.openClient(await loadIntegration(storage, integrationId))
      try {
        const report = await client.testConnection({ signal })
        await recordConnection(integrationId, 'connected')
        return { ok: true, report }
      } catch (error) {
        // What was broken off here says nothing of the site.
        if (!isIgny8Error(error) || error.code === 'CANCELLED' || error.code === 'STOPPED') throw error
        await recordConnection(integrationId, 'error')
        return {
          ok: false,
          code: error.code,
          cause: error.message,
          fix: error.hint ?? null,
          retryable: error.retryable,
        }
      }
    },
    async testCollectionConnection(input) {
      const { integrationId, type, signal } = parseInput(collectionSchema, input)
      const client = await context.openClient(await loadIntegration(storage, integrationId))
      return client.testCollection({ type }, { signal })
    },
    updateStructure,
    async contentTypes(input) {
      return (await updateStructure(input)).contentTypes
    },
    async authorizationUrl(input) {
      const { platform, signal, applicationId, rejectUrl, ...given } = parseInput(authorizationSchema, input)
      const adapter = context.platform(platform)
      if (adapter.oneClick === undefined) {
        throw new Igny8Error({
          code: 'UNSUPPORTED',
          message: `The platform "${platform}" has no one-click connect.`,
          hint: 'Let the person enter the credential instead.',
        })
      }
      const optional = {
        ...(applicationId === undefined ? {} : { applicationId }),
        ...(rejectUrl === undefined ? {} : { rejectUrl }),
      }
      return adapter.oneClick.authorizationUrl(
        { ...given, ...optional, url: adapter.normaliseUrl(given.url), http: context.http },
        { signal },
      )
    },
  }
}

/** Without the members that are `undefined`. */
function definedOnly<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never
}
