/** Bytes with their media type, found by the SHA-256 of the bytes. */
export interface Asset {
  /** SHA-256 in lower-case hex. */
  readonly hash: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/**
 * Keeps generated and downloaded images by content hash: vendor URLs expire, and some vendors give bytes only.
 *
 * Scoped to an account: the same bytes of two accounts are two assets.
 */
export interface AssetStore {
  /** Stores the bytes once and returns their hash; putting the same again changes nothing. Atomic. */
  put(input: { readonly accountId: string; readonly mediaType: string; readonly bytes: Uint8Array }): Promise<string>
  /** `undefined` where this account has no such asset. */
  get(input: { readonly accountId: string; readonly hash: string }): Promise<Asset | undefined>
  /** Idempotent. */
  remove(input: { readonly accountId: string; readonly hash: string }): Promise<void>
  /** Removes everything of the account. Idempotent. */
  removeAll(accountId: string): Promise<void>
}
