import type { DomainEvent } from '../model/domain-event.ts'

/** An integration, named across accounts. */
export interface IntegrationReference {
  readonly accountId: string
  readonly integrationId: string
}

/** A site, named across accounts. */
export interface SiteReference {
  readonly accountId: string
  readonly siteId: string
}

/** A usage of AI, named across accounts. */
export interface UsageReference {
  readonly accountId: string
  readonly usageId: string
}

/** An encrypted field, named across accounts. */
export interface EnvelopeReference {
  readonly accountId: string
  readonly row: string
  readonly field: string
  readonly envelope: string
}

/**
 * The little that crosses accounts. Only webhooks, jobs and key rotation get it, and each hit continues inside its own
 * account's scope.
 */
export interface SystemStorage {
  /** Integrations of any account with this platform and one of these URLs, each once, dormant ones left out. Asked for each webhook, with the forms of one address. */
  findIntegrationsByUrls(
    platform: string,
    externalSiteUrls: readonly string[],
  ): Promise<readonly IntegrationReference[]>
  /** The integrations of any account with this id, dormant ones left out. */
  findIntegrationsById(integrationId: string): Promise<readonly IntegrationReference[]>
  /**
   * Integrations with dirty items to try at `now`, the oldest such hint first. Switched-off, removed and, as of `now`, paused ones are
   * left out.
   */
  listDirtyIntegrations(now: Date, limit: number): Promise<readonly IntegrationReference[]>
  /** Active integrations whose `nextSyncAt` has come, oldest first. */
  listDueIntegrations(now: Date, limit: number): Promise<readonly IntegrationReference[]>
  /** Runs that are `running` with a heartbeat before `heartbeatBefore`. */
  listSilentRuns(
    heartbeatBefore: Date,
    limit: number,
  ): Promise<readonly (IntegrationReference & { readonly runId: string })[]>
  /** AI usage that is still `reserved` and was begun before `reservedBefore`, oldest first. */
  listOpenUsage(reservedBefore: Date, limit: number): Promise<readonly UsageReference[]>
  /**
   * Sites whose publishing queue or settings were written since they fell asleep, or who slept until `now`; by account and site, after `after`, at most `limit`. Costs what is
   * listed, however many sites sleep.
   */
  listSitesToPublish(now: Date, limit: number, after?: SiteReference): Promise<readonly SiteReference[]>
  /** Events not yet removed, oldest first. */
  listOutbox(limit: number): Promise<readonly DomainEvent[]>
  /** Removes delivered events. Idempotent. */
  removeFromOutbox(eventIds: readonly string[]): Promise<void>
  /**
   * Forgets what happened before an instant: sync events and ended runs, oldest first, at most `limit` of each. The newest event of each content on each integration
   * stays, as it tells which item is tied to it, and so does the newest run of each integration. Returns how many rows went.
   */
  removeHistory(before: Date, limit: number): Promise<number>
  /** Encrypted fields, by a stable order; `cursor` as returned. */
  listEnvelopes(query: { readonly limit: number; readonly cursor?: string | undefined }): Promise<{
    readonly items: readonly EnvelopeReference[]
    readonly nextCursor: string | null
  }>
  /** Replaces the envelope if it is still the one named. Returns whether it did. The row's version grows. */
  replaceEnvelope(reference: EnvelopeReference, envelope: string): Promise<boolean>
}
