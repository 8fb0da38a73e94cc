import { isSameJson } from '../model/hash-json.ts'
import type { JsonValue } from '../model/json.ts'

export type Meta = Readonly<Record<string, JsonValue>>

/** Which side a key that both changed is taken from; `null` leaves it to a person. */
export type DecideKey = (key: string) => 'ours' | 'theirs' | null

export interface MergedMeta {
  /** Ours, with what they changed. */
  readonly meta: Meta
  /** Ours as agreed: their word on every key that they changed. What else is in `meta` waits to be pushed. */
  readonly base: Meta
  /** Keys taken from them. */
  readonly taken: readonly string[]
  /** Keys that both changed and nobody decided. */
  readonly contested: readonly string[]
  /** Keys of theirs that were decided for ours. */
  readonly overruled: readonly string[]
}

/**
 * Merges meta key by key, nested values whole. A key that the site never returned is no removal of theirs: it stays. `decided` comes before everything, `policy`
 * only where both changed a key.
 */
export function mergeMeta(input: {
  readonly localBase: Meta
  readonly ours: Meta
  readonly theirBase: Meta
  readonly theirs: Meta
  readonly decided: DecideKey
  readonly policy: DecideKey
}): MergedMeta {
  const { localBase, ours, theirBase, theirs, decided, policy } = input
  const [meta, base] = [new Map(Object.entries(ours)), new Map(Object.entries(localBase))]
  const taken: string[] = []
  const contested: string[] = []
  const overruled: string[] = []
  for (const key of new Set([...Object.keys(theirBase), ...Object.keys(theirs)])) {
    if (isSame(theirBase, theirs, key)) continue
    put(base, key, theirs)
    if (isSame(ours, theirs, key)) continue
    const side = decided(key) ?? (isSame(localBase, ours, key) ? 'theirs' : policy(key))
    if (side === 'theirs') {
      put(meta, key, theirs)
      taken.push(key)
    } else (side === 'ours' ? overruled : contested).push(key)
  }
  return { meta: Object.fromEntries(meta), base: Object.fromEntries(base), taken, contested, overruled }
}

function isSame(one: Meta, other: Meta, key: string): boolean {
  const [has, hasToo] = [Object.hasOwn(one, key), Object.hasOwn(other, key)]
  return has === hasToo && (!has || isSameJson(one[key], other[key]))
}

function put(target: Map<string, JsonValue>, key: string, source: Meta): void {
  const value = Object.hasOwn(source, key) ? source[key] : undefined
  if (value === undefined) target.delete(key)
  else target.set(key, value)
}
