import { describeFailure } from '../errors/describe-failure.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'

/** Values by key that are read again in the background once they are old. */
export interface RefreshedCache<Value> {
  /** What is known, at once; waits only where nothing is known, or nothing recent. Throws what `load` threw where nothing is known at all. */
  get(key: string): Promise<Value>
  /** Forgets one value, or all: the next `get` waits for a new one, also where an older one is still under way. */
  invalidate(key?: string): void
}

export interface RefreshedCacheOptions<Value> {
  load(key: string): Promise<Value>
  readonly clock: Clock
  readonly logger: Logger
  /** From this age on, a value is read again behind the call that gets it. */
  readonly ttlMs: number
  /** From this age on, a call waits for the new value; it gets the old one where that fails. */
  readonly maxStaleMs: number
  /** Of more keys than this, the one used longest ago is forgotten. */
  readonly maxEntries: number
}

interface Entry<Value> {
  value: { readonly known: Value; readonly loadedAtMs: number } | undefined
  loading: Promise<Value> | undefined
  retryAtMs: number
}

const retryAfterFailureMs = 5_000

/** Makes a cache. It starts no timer: looking is what refreshes. */
export function createRefreshedCache<Value>(options: RefreshedCacheOptions<Value>): RefreshedCache<Value> {
  const { clock, logger, ttlMs, maxStaleMs, maxEntries } = options
  const entries = new Map<string, Entry<Value>>()

  function touch(key: string): Entry<Value> {
    const entry: Entry<Value> = entries.get(key) ?? { value: undefined, loading: undefined, retryAtMs: 0 }
    entries.delete(key)
    entries.set(key, entry)
    const [oldest] = entries.keys()
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest)
    return entry
  }

  function load(key: string, entry: Entry<Value>): Promise<Value> {
    entry.loading ??= options
      .load(key)
      .then((known) => {
        entry.value = { known, loadedAtMs: clock.now().getTime() }
        return known
      })
      .catch((error: unknown) => {
        if (entry.value === undefined) throw error
        entry.retryAtMs = clock.now().getTime() + retryAfterFailureMs
        logger.warn('Model overrides could not be read again; the known ones stay.', describeFailure(error))
        return entry.value.known
      })
      .finally(() => {
        entry.loading = undefined
      })
    return entry.loading
  }

  return {
    async get(key) {
      const entry = touch(key)
      if (entry.value === undefined) return load(key, entry)
      const nowMs = clock.now().getTime()
      const ageMs = nowMs - entry.value.loadedAtMs
      if (ageMs < ttlMs || nowMs < entry.retryAtMs) return entry.value.known
      const refreshed = load(key, entry)
      return ageMs < maxStaleMs ? entry.value.known : refreshed
    },
    invalidate(key) {
      if (key === undefined) entries.clear()
      else entries.delete(key)
    },
  }
}
