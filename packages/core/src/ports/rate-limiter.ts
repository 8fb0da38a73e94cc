/** How many at once, and how fast they come back. */
export interface RateLimit {
  readonly burst: number
  readonly perSecond: number
}

/** Counts what comes in under keys, and says when there is too much of one. */
export interface RateLimiter {
  /**
   * Takes one of the key's allowance, atomically. Returns 0, or the milliseconds until there is one again.
   *
   * Called before anything is known of the caller, and for each webhook: never rejects, and what it does while its store fails is its own decision.
   * A promise only where it has to wait.
   */
  take(key: string, now: Date): number | Promise<number>
}

/** Makes the limiter of a name; names are apart from one another. Core asks for each of its names once, when it is put together. */
export type CreateRateLimiter = (name: string, limit: RateLimit) => RateLimiter
