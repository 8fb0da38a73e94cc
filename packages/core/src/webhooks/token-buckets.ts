import type { RateLimit, RateLimiter } from '../ports/rate-limiter.ts'

/** A bucket for each key, in this process. */
export interface TokenBuckets extends RateLimiter {
  take(key: string, now: Date): number
}

/** Remembers at most `maxKeys` keys: the one unused longest is forgotten first, which fills its bucket. */
export function createTokenBuckets({ maxKeys = 10_000, ...limit }: RateLimit & { maxKeys?: number }): TokenBuckets {
  const fullAtOf = new Map<string, number>()
  return {
    take(key, now) {
      const { fullAt, waitMs } = takeToken(fullAtOf.get(key), limit, now.getTime())
      // A Map keeps the order of insertion: what is written last stands last.
      fullAtOf.delete(key)
      fullAtOf.set(key, fullAt)
      if (fullAtOf.size > maxKeys) fullAtOf.delete(fullAtOf.keys().next().value ?? key)
      return waitMs
    },
  }
}

/**
 * A bucket is the moment when it will be full: whole milliseconds, where a count of tokens would gather errors. A clock that goes back
 * empties it at most.
 */
function takeToken(before: number | undefined, { burst, perSecond }: RateLimit, now: number) {
  const tokenMs = 1_000 / perSecond
  const fullAt = Math.min(Math.max(before ?? now, now), now + burst * tokenMs)
  const waitMs = Math.ceil(fullAt + tokenMs - (now + burst * tokenMs))
  return waitMs > 0 ? { fullAt, waitMs } : { fullAt: fullAt + tokenMs, waitMs: 0 }
}
