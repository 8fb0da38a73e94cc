import type { Operation } from './operation.ts'

/** Operations of one path, by method. */
export interface Route {
  readonly operations: ReadonlyMap<string, Operation>
  readonly path: Readonly<Record<string, string>>
}

/** A piece of a template: itself, or a parameter of this name. */
type Segment = { readonly literal: string } | { readonly name: string }

interface Template {
  readonly segments: readonly Segment[]
  readonly operations: Map<string, Operation>
}

/**
 * Finds the operations of a path, given below the base path, with or without the slash at its end. A literal segment goes before a parameter.
 * `undefined` where there is no such path, or a segment that is no text.
 */
export function createRouter(operations: readonly Operation[]): (path: string) => Route | undefined {
  const templates = new Map<string, Template>()
  for (const operation of operations) {
    const segments = split(operation.path).map(readSegment)
    const key = segments.map((segment) => ('literal' in segment ? segment.literal : '{}')).join('/')
    const template = templates.get(key) ?? { segments, operations: new Map<string, Operation>() }
    if (template.operations.has(operation.method)) throw new TypeError(`${operation.id} has a path that is taken.`)
    template.operations.set(operation.method, operation)
    templates.set(key, template)
  }
  const inOrder = [...templates.values()].toSorted((left, right) => compare(left.segments, right.segments))
  const byLength = Map.groupBy(inOrder, ({ segments }) => segments.length)
  return (path) => {
    const given = split(path)
    for (const { segments, operations: found } of byLength.get(given.length) ?? []) {
      const read = readPath(segments, given)
      if (read !== undefined) return { operations: found, path: read }
    }
    return undefined
  }
}

function split(path: string): readonly string[] {
  return path.replace(/\/$/, '').split('/')
}

function readSegment(text: string): Segment {
  const name = /^\{(\w+)\}$/.exec(text)?.[1]
  return name === undefined ? { literal: text } : { name }
}

function compare(left: readonly Segment[], right: readonly Segment[]): number {
  const shape = (segments: readonly Segment[]) => segments.map((one) => ('literal' in one ? 'a' : 'b')).join('')
  return shape(left) < shape(right) ? -1 : shape(left) > shape(right) ? 1 : 0
}

function readPath(segments: readonly Segment[], given: readonly string[]): Record<string, string> | undefined {
  if (!segments.every((segment, index) => !('literal' in segment) || segment.literal === given[index])) return undefined
  const path: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    if ('literal' in segment) continue
    const decoded = decode(given[index] ?? '')
    if (decoded === undefined || decoded === '' || decoded.length > 255) return undefined
    path[segment.name] = decoded
  }
  return path
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
