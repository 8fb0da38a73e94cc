/** The right to work on something alone for a while. */
export interface Lease {
  readonly key: string
  readonly owner: string
  /** Grows with every change of owner; a writer with an older one is refused. */
  readonly token: number
  readonly expiresAt: Date
}

/** Leases with fencing tokens. `now` always comes from the caller. */
export interface LeaseStore {
  /** `undefined` while somebody else holds it. The same owner gets its own lease again, extended. Atomic. */
  acquire(input: {
    readonly key: string
    readonly owner: string
    readonly now: Date
    readonly ttlMs: number
  }): Promise<Lease | undefined>
  /** `acquire` of each in one step. Returns each lease in order, `undefined` where somebody else holds it. Throws `STORAGE_FAILED` where a key is named twice. */
  acquireMany(input: {
    readonly requests: readonly Pick<Lease, 'key' | 'owner'>[]
    readonly now: Date
    readonly ttlMs: number
  }): Promise<readonly (Lease | undefined)[]>
  /** Extends; `undefined` where it was lost. */
  renew(lease: Lease, now: Date, ttlMs: number): Promise<Lease | undefined>
  /** Which of these keys somebody holds now. */
  listHeld(keys: readonly string[], now: Date): Promise<readonly string[]>
  /** Throws `LEASE_LOST` unless this token is still the newest and not expired. Call it inside the transaction it guards. */
  assertHeld(lease: Lease, now: Date): Promise<void>
  /** The same for several: throws where one of them was lost. */
  assertAllHeld(leases: readonly Lease[], now: Date): Promise<void>
  /** Idempotent; does nothing where it was lost. */
  release(lease: Lease): Promise<void>
  /** `release` of each in one step. */
  releaseMany(leases: readonly Lease[]): Promise<void>
}
