import type * as z from 'zod'
import type { SiteStructure } from '../model/site-structure.ts'
import type { CallOptions } from './call-options.ts'
import type { Clock } from './clock.ts'
import type { HttpClient } from './http-client.ts'
import type { Logger } from './logger.ts'
import type { PlatformContent } from './platform-content.ts'
import type { PlatformMedia } from './platform-media.ts'
import type { PlatformPull } from './platform-pull.ts'
import type { PlatformTaxonomies } from './platform-taxonomies.ts'
import type { Secret } from './secret.ts'

/** What the protocol in core must know of a platform. Declared, never guessed. */
export interface PlatformTraits {
  /**
   * How a create is kept from doubling. `marker`: under a slug that only we would choose, looked up before any second
   * attempt. `naturalKey`: the platform refuses a second one. `native`: it takes an idempotency key.
   */
  readonly createIdempotency: 'marker' | 'naturalKey' | 'native'
  /** What an update can be made conditional on. */
  readonly conditionalUpdate: 'none' | 'timestamp' | 'version'
  /** How deletions are learned: told by the platform, or found by comparing ids. */
  readonly deletions: 'feed' | 'sweep'
  /** Resolution of the platform's modified times. */
  readonly timeGranularityMs: number
  /** Where the credential lives: `site` is `Site.wpApiKey`, `integration` is `SiteIntegration.credentials`. */
  readonly credentials: 'site' | 'integration'
  /** Whether it publishes by itself what is written as `scheduled`, when its date has come. @default false */
  readonly futureDates?: boolean
}

/** What an adapter is given for one site. */
export interface PlatformConnection {
  readonly url: string
  readonly credential: Secret
  /** As last read; `null` before the first `readStructure`. */
  readonly structure: SiteStructure | null
  readonly http: HttpClient
  readonly clock: Clock
  readonly logger: Logger
}

/** Who the credential belongs to and what it may do. */
export interface ConnectionReport {
  readonly user: { readonly externalId: string; readonly name: string; readonly login: string | null }
  readonly roles: readonly string[]
  readonly capabilities: readonly string[]
  readonly siteName: string
  readonly platformVersion: string | null
  readonly apiRoot: string
  readonly timezone: string
  /** Server clock minus ours, in milliseconds. */
  readonly clockSkewMs: number
  /** What works but should be known: plain permalinks, an untested version, a missing capability, … */
  readonly warnings: readonly ConnectionWarning[]
}

/** Something of a site that works, but should be known, with what to do about it. */
export interface ConnectionWarning {
  readonly code: string
  readonly message: string
  readonly hint: string
}

/** Whether the credential can work with one content type. */
export interface CollectionReport {
  readonly type: string
  readonly canRead: boolean
  readonly canWrite: boolean
  readonly canPublish: boolean
  readonly canUploadMedia: boolean
  readonly count: number | null
  /** Why not, with the fix, for each `false`. */
  readonly problems: readonly ConnectionWarning[]
}

/** An adapter bound to one site. */
export interface PlatformClient {
  /**
   * Proves the URL, the platform and the credential, reading only.
   *
   * A failure throws an `Igny8Error` that is a diagnosis: `code`, the cause as `message`, the fix as `hint`.
   */
  testConnection(options?: CallOptions): Promise<ConnectionReport>
  /** Throws `REMOTE_NOT_FOUND` for a type that the site does not have. */
  testCollection(input: { readonly type: string }, options?: CallOptions): Promise<CollectionReport>
  /** Reads types, taxonomies, statuses, counts, zone and capabilities. */
  readStructure(options?: CallOptions): Promise<SiteStructure>
  readonly content: PlatformContent
  readonly pull?: PlatformPull
  readonly media?: PlatformMedia
  readonly taxonomies?: PlatformTaxonomies
}

/**
 * A publishing platform. Core owns the protocol (what to write, when, and what to do in doubt); an adapter translates
 * single steps and never retries a write.
 */
export interface PlatformAdapter {
  /** Short lower-case name: `wordpress`, `ghost`, … */
  readonly platform: string
  /** How the platform reads in the wire direction: `wp` gives `igny8_to_wp`. */
  readonly wireName: string
  readonly traits: PlatformTraits
  /** Validates what a person enters at connect and turns it into the one secret string to keep. */
  readonly credentials: {
    readonly schema: z.ZodType<Readonly<Record<string, string>>>
    toSecret(input: Readonly<Record<string, string>>): string
  }
  /** Brings what a person typed into the form that identifies the site. Throws `INVALID_INPUT`. No I/O. */
  normaliseUrl(url: string): string
  /** Binds the adapter to a site. No I/O. */
  open(connection: PlatformConnection): PlatformClient
  /** Present where the platform lets a person grant access without typing a credential. */
  readonly oneClick?: {
    /** URL to send the person to. Throws a diagnosis where the site does not offer it. */
    authorizationUrl(input: OneClickInput, options?: CallOptions): Promise<string>
  }
}

/** What a platform needs to ask a person for access. */
export interface OneClickInput {
  readonly url: string
  /** Name that the person will see among their credentials. */
  readonly applicationName: string
  /** Stable UUID of the host's application. */
  readonly applicationId?: string
  readonly successUrl: string
  readonly rejectUrl?: string
  readonly http: HttpClient
}
