/** A customer's site, as the host knows it. At most one integration per platform belongs to it. */
export interface StoredSite {
  readonly id: string
  readonly accountId: string
  readonly name: string
  /** Normalised: scheme, host, port and path, without a trailing slash. */
  readonly url: string
  /** IANA zone or fixed offset, read from the site at connect. `null` until then. */
  readonly timezone: string | null
  /**
   * Envelope of `username:application password`, the single source of truth for WordPress authentication.
   * `null` for other platforms and after the connection is removed.
   */
  readonly wpApiKey: string | null
  /** Random, made once, never rotated: markers of our creates are derived from it. Opens nothing. */
  readonly siteKey: string
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A credential as the outside may see it: that it is set, and a keyed fingerprint to tell two apart. */
export interface SecretView {
  readonly isSet: boolean
  readonly fingerprint: string | null
}

/** A site as the API shows it: no key, no envelope. */
export interface Site extends Omit<StoredSite, 'wpApiKey' | 'siteKey'> {
  readonly wpApiKey: SecretView
}
