import type { Operation } from './operation.ts'

/** Operations of one path, by method. */
export interface Route {
  readonly operations: ReadonlyMap<string, Operation>
  readonly path: Readonly<Record<string, string>>
}

interface Template {
  readonly segments: readonly string[]
  readonly operations: Map<string, Operation>
}

/**
 * Finds the operations of a path, given below the base path, with or without the slash at its end. A literal segment goes before a parameter.
 * `undefined` where there is no such path, or a segment that is no text.
 */
export function createRouter(operations: readonly Operation[]): (path: string) => Route | undefined {
  const templates = new Map<string, Template>()
  for (const operation of operations) {
    const segments = split(operation.path)
    const key = segments.map((segment) => (nameOf(segment) === undefined ? segment : '{}')).join('/')
    const template = templates.get(key) ?? { segments, operations: new Map<string, Operation>() }
    if (template.operations.has(operation.method)) throw new TypeError(`${operation.id} has a path that is taken.`)
    template.operations.set(operation.method, operation)
    templates.set(key, template)
  }
  const inOrder = [...templates.values()].toSorted((left, right) => compare(left.segments, right.segments))
  return (path) => {
    const given = split(path)
    for (const { segments, operations: found } of inOrder) {
      const read = readPath(segments, given)
      if (read !== undefined) return { operations: found, path: read }
    }
    return undefined
  }
}

function split(path: string): readonly string[] {
  return path.replace(/\/$/, '').split('/')
}

function nameOf(segment: string): string | undefined {
  return /^\{(\w+)\}$/.exec(segment)?.[1]
}

function compare(left: readonly string[], right: readonly string[]): number {
  const shape = (segments: readonly string[]) => segments.map((one) => (nameOf(one) === undefined ? 'a' : 'b')).join('')
  return shape(left) < shape(right) ? -1 : shape(left) > shape(right) ? 1 : 0
}

function readPath(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== given.length) return undefined
  const entries: [string, string][] = []
  for (const [index, segment] of segments.entries()) {
    const text = given[index] ?? ''
    const name = nameOf(segment)
    if (name === undefined && segment !== text) return undefined
    if (name === undefined) continue
    const decoded = decode(text)
    if (decoded === undefined || decoded === '' || decoded.length > 255) return undefined
    entries.push([name, decoded])
  }
  return Object.fromEntries(entries)
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
