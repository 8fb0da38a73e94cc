import { canonicalJson } from '../model/hash-json.ts'
import type { Three } from './merge-sequences.ts'

type Attributes = ReadonlyMap<string, unknown>

/**
 * Merges the attributes of a block key by key, in theirs' order and then ours; `undefined` is a conflict.
 *
 * Only where writing what was read gives the same text again on all three sides: what the block editor would write otherwise is nothing to merge.
 */
export function mergeAttributes(three: Three<string | null>): string | null | undefined {
  const [base, ours, theirs] = [readAttributes(three.base), readAttributes(three.ours), readAttributes(three.theirs)]
  if (base === undefined || ours === undefined || theirs === undefined) return undefined
  const merged: [string, unknown][] = []
  for (const key of new Set([...theirs.keys(), ...ours.keys()])) {
    const [was, our, their] = [base, ours, theirs].map((side) => (side.has(key) ? canonicalJson(side.get(key)) : null))
    if (our !== their && our !== was && their !== was) return undefined
    const taken = their === was ? ours : theirs
    if (taken.has(key)) merged.push([key, taken.get(key)])
  }
  return merged.length === 0 ? null : writeAttributes(merged)
}

function readAttributes(json: string | null): Attributes | undefined {
  if (json === null) return new Map()
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const entries = Object.entries(value)
    // How a backslash is written depends on the version of WordPress.
    return writeAttributes(entries) === json && !json.includes('\\\\') ? new Map(entries) : undefined
  } catch {
    return undefined
  }
}

/** As `serializeAttributes` of the block editor does: nothing in it may end the comment or be taken for markup. */
function writeAttributes(entries: readonly (readonly [string, unknown])[]): string {
  return JSON.stringify(Object.fromEntries(entries))
    .replaceAll('--', '\\u002d\\u002d')
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\\"', '\\u0022')
}
