import type { Clock } from '@igny8/core'

/** An answer that can be given again. */
export interface KeptAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What the store says to a request with a key. */
export type IdempotencyClaim =
  /** The first of its kind: carry it out, then `complete` or `release`. */
  | { readonly kind: 'claimed' }
  | { readonly kind: 'running' }
  /** The key was used for something else. */
  | { readonly kind: 'different' }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }

/** A key of a caller, and what it was used for. */
export interface IdempotencyKey {
  readonly accountId: string
  readonly key: string
  /** SHA-256 of method, path and body. */
  readonly fingerprint: string
}

/** Keeps what requests with an `Idempotency-Key` were answered. Hosts of several processes give one that they share. */
export interface IdempotencyStore {
  /**
   * Claims a key for a request, atomically: of two at once one gets it. A claim that was neither completed nor released by `staleBefore` is free again, as its process
   * died; so is an answer from before `expiredBefore`.
   */
  claim(
    key: IdempotencyKey,
    times: { readonly now: Date; readonly staleBefore: Date; readonly expiredBefore: Date },
  ): Promise<IdempotencyClaim>
  /** Keeps the answer of a claim. */
  complete(key: IdempotencyKey, answer: KeptAnswer, now: Date): Promise<void>
  /** Gives a claim up: nothing happened that must not happen again. */
  release(key: IdempotencyKey): Promise<void>
}

/** In this process, at most `maxKeys` keys; the oldest is forgotten first. */
export function createMemoryIdempotencyStore({
  maxKeys = 10_000,
}: {
  readonly maxKeys?: number
} = {}): IdempotencyStore {
  const entries = new Map<string, { readonly fingerprint: string; readonly at: Date; readonly answer?: KeptAnswer }>()
  const nameOf = ({ accountId, key }: IdempotencyKey) => JSON.stringify([accountId, key])
  return {
    async claim(key, { now, staleBefore, expiredBefore }) {
      const name = nameOf(key)
      const entry = entries.get(name)
      const isGone = entry === undefined || entry.at < (entry.answer === undefined ? staleBefore : expiredBefore)
      if (!isGone) {
        if (entry.fingerprint !== key.fingerprint) return { kind: 'different' }
        return entry.answer === undefined ? { kind: 'running' } : { kind: 'answered', answer: entry.answer }
      }
      entries.delete(name)
      entries.set(name, { fingerprint: key.fingerprint, at: now })
      const [oldest] = entries.keys()
      if (entries.size > maxKeys && oldest !== undefined) entries.delete(oldest)
      return { kind: 'claimed' }
    },
    async complete(key, answer, now) {
      entries.set(nameOf(key), { fingerprint: key.fingerprint, at: now, answer })
    },
    async release(key) {
      entries.delete(nameOf(key))
    },
  }
}

/** Times by which a claim and an answer are no more. */
export function idempotencyTimes(clock: Clock) {
  const now = clock.now()
  return { now, staleBefore: new Date(now.getTime() - staleMs), expiredBefore: new Date(now.getTime() - keptMs) }
}

/** Longer than any request lasts. */
const staleMs = 20 * 60_000
const keptMs = 24 * 3_600_000
