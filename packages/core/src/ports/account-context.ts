import type { Primitive } from '../errors/igny8-error.ts'
import type { Content } from '../model/content.ts'
import type { DomainEvent, DomainEventType } from '../model/domain-event.ts'
import type { SecretView } from '../model/site.ts'
import type { StoredIntegration } from '../model/site-integration.ts'
import type { Timing } from '../model/timing.ts'
import type { AssetStore } from './asset-store.ts'
import type { Clock } from './clock.ts'
import type { HttpClient } from './http-client.ts'
import type { Logger } from './logger.ts'
import type { PlatformAdapter, PlatformClient } from './platform-adapter.ts'
import type { Secret } from './secret.ts'
import type { AccountStorage, AccountStores } from './storage.ts'

/** Where an envelope lives; bound into it, so that it cannot be moved elsewhere. */
export interface EnvelopePlace {
  readonly row: string
  readonly field: string
}

/** Encryption at rest, bound to one account. */
export interface SecretVault {
  seal(value: string, place: EnvelopePlace): Promise<string>
  /** Throws `SECRET_UNREADABLE` where the envelope does not belong to this place or its key is gone. */
  open(envelope: string, place: EnvelopePlace): Promise<Secret>
  /** What may be shown of it. */
  view(envelope: string | null, place: EnvelopePlace): Promise<SecretView>
  /** A secret that is not stored yet. */
  wrap(value: string): Secret
}

/** Counts first publications where they happen: right before the final status is sent. */
export interface PublicationGate {
  /**
   * Moves the unit of quota to this instant, and marks it as one whose outcome is unknown. Throws `PUBLISH_LIMIT_REACHED` where the period that it was reserved in is over
   * and the next is full, and `INVALID_TRANSITION` for a push that is nobody's wish while the content waits for its turn.
   *
   * Returns the date to send with it: with `isHandedOver` the one of the unit, which stays where it is; `null` leaves it to the site.
   */
  sending(
    contentId: string,
    by: { readonly actor: string; readonly isResumed: boolean; readonly isHandedOver: boolean },
  ): Promise<Date | null>
  /** Throws `INVALID_TRANSITION` unless a content is to be taken back from the site: who was told so may come late. */
  takingBack(contentId: string): Promise<void>
  /** The site refused, by proof: the outcome is known again. */
  refused(contentId: string): Promise<void>
  /** Takes a content off the queue, or has it taken back from the site, as nothing that stands in it is approved any more; in the transaction that finds that. */
  revoked(stores: AccountStores, contentId: string): Promise<void>
  /**
   * Counts contents that are found published on the site, where its settings say that those count: at their own instant, and once. Those of months before are left
   * out, as no limit asks for them. What was handed over to the site is settled by what was found: published, at another date, or taken back. Called in the transaction
   * that stores them. `isTold`: an event tells already that they are published.
   */
  found(stores: AccountStores, contents: readonly Content[], told?: { readonly isTold: boolean }): Promise<void>
}

/** What every operation of one account works with. Put together in `create-igny8.ts`. */
export interface AccountContext {
  readonly accountId: string
  readonly storage: AccountStorage
  readonly assets: AssetStore
  readonly vault: SecretVault
  readonly http: HttpClient
  readonly clock: Clock
  readonly logger: Logger
  /** How long to wait for what. */
  readonly timing: Timing
  /** Work of this process that must come one after the other, by a key that names the account: the end of the last. */
  readonly turns: Map<string, Promise<unknown>>
  readonly publications: PublicationGate
  /** The same account, all of whose work goes through another view of its storage. */
  over(storage: AccountStorage): AccountContext
  newId(): string
  randomHex(bytes: number): string
  newEvent(type: DomainEventType, subjectId: string, data?: Readonly<Record<string, Primitive>>): DomainEvent
  /** Tells that events were committed, so that hosts hear of them soon. */
  committed(): void
  /** Throws `PLATFORM_NOT_INSTALLED`. */
  platform(name: string): PlatformAdapter
  /** A client for an integration, with its credential opened. Throws `INTEGRATION_INACTIVE` for a removed one. */
  openClient(integration: StoredIntegration): Promise<PlatformClient>
  /** The same for a URL and a credential that are not stored yet. */
  openCandidate(platform: string, url: string, secret: Secret): PlatformClient
  /** When an integration is due next, by its schedule, after `failures` runs in a row that failed. Throws `INVALID_INPUT` for a cron expression that cannot be read. */
  planSync(integration: Pick<StoredIntegration, 'id' | 'config'>, failures?: number): Promise<Date>
  /** Has interrupted pushes taken up again at an instant, where jobs are worked. Never throws: the next sync takes them up too. */
  resumePushesAt(integrationId: string, at: Date): Promise<void>
  /** The same for pushes that begin now and that this process may not live to end, where jobs outlive it. Never throws. */
  foreseePushes(integrationId: string): Promise<void>
  /** Downloads an image through the outbound policy and checks that it is one. */
  downloadImage(
    url: string,
    signal?: AbortSignal,
  ): Promise<{ readonly bytes: Uint8Array; readonly mediaType: string; readonly contentHash: string }>
}
