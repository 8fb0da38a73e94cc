/** How many at once, and how fast they come back. */
export interface RateLimit {
  readonly burst: number
  readonly perSecond: number
}

/** A bucket for each key, in this process. */
export interface TokenBuckets {
  /** Takes a token. Returns 0, or the milliseconds until there is one. */
  take(key: string, now: Date): number
}

interface Bucket {
  readonly tokens: number
  readonly at: number
}

/** Remembers at most `maxKeys` keys: the one unused longest is forgotten first, which fills its bucket. */
export function createTokenBuckets({ maxKeys = 10_000, ...limit }: RateLimit & { maxKeys?: number }): TokenBuckets {
  const buckets = new Map<string, Bucket>()
  return {
    take(key, now) {
      const { bucket, waitMs } = takeToken(buckets.get(key), limit, now.getTime())
      // A Map keeps the order of insertion: what is written last stands last.
      buckets.delete(key)
      buckets.set(key, bucket)
      const [longestUnused] = buckets.keys()
      if (buckets.size > maxKeys && longestUnused !== undefined) buckets.delete(longestUnused)
      return waitMs
    },
  }
}

/** What a bucket holds afterwards. A clock that goes back gives nothing and takes nothing. */
function takeToken(before: Bucket | undefined, { burst, perSecond }: RateLimit, now: number) {
  const elapsedMs = before === undefined ? 0 : Math.max(0, now - before.at)
  const tokens = Math.min(burst, (before?.tokens ?? burst) + (elapsedMs * perSecond) / 1_000)
  if (tokens >= 1) return { bucket: { tokens: tokens - 1, at: now }, waitMs: 0 }
  return { bucket: { tokens, at: now }, waitMs: Math.ceil(((1 - tokens) * 1_000) / perSecond) }
}
