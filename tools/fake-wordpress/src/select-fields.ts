import { asList } from './check-parameters.ts'

/** The `_fields` of a request as a tree; `true` keeps everything below. */
export type FieldTree = ReadonlyMap<string, FieldTree | true>

const known = new Map<string, FieldTree>()

/** `null` where nothing is left out. */
export function readFields(parameter: unknown): FieldTree | null {
  if (parameter === undefined) return null
  if (typeof parameter === 'string') {
    const before = known.get(parameter)
    if (before !== undefined) return before
  }
  const names = (asList(parameter) ?? []).map(String)
  if (names.length === 0) return null
  const tree = growTree(names)
  if (typeof parameter === 'string' && known.size < 1000) known.set(parameter, tree)
  return tree
}

function growTree(names: readonly string[]): FieldTree {
  const tree = new Map<string, FieldTree | true>()
  for (const name of names) {
    const parts = name.split('.')
    let branch = tree
    for (const [index, part] of parts.entries()) {
      const below = branch.get(part)
      if (below === true) break
      if (index === parts.length - 1) {
        branch.set(part, true)
      } else if (below === undefined) {
        const grown = new Map<string, FieldTree | true>()
        branch.set(part, grown)
        branch = grown
      } else {
        branch = below as Map<string, FieldTree | true>
      }
    }
  }
  return tree
}

export function wants(tree: FieldTree | null, name: string): boolean {
  return tree === null || tree.has(name)
}

/** Whether `name.inner` is asked for. */
export function wantsWithin(tree: FieldTree | null, name: string, inner: string): boolean {
  if (tree === null) return true
  const below = tree.get(name)
  return below === true || below?.has(inner) === true
}

/** Takes out of an answer what was not asked for. */
export function filterFields(body: unknown, tree: FieldTree | null): unknown {
  if (tree === null) return body
  if (Array.isArray(body)) return body.map((row) => keepFields(row, tree))
  return keepFields(body, tree)
}

function keepFields(value: unknown, tree: FieldTree): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((entry) => keepFields(entry, tree))
  const kept: Record<string, unknown> = {}
  for (const name in value) {
    const below = tree.get(name)
    if (below === undefined) continue
    const inner = (value as Record<string, unknown>)[name]
    kept[name] = below === true ? inner : keepFields(inner, below)
  }
  // PHP writes an empty map as an empty list.
  return Object.keys(kept).length === 0 ? [] : kept
}
