/** Query of a REST call; lists are joined by commas, `undefined` is left out. */
export type RestQuery = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>

/**
 * URL of a REST route under either kind of root: `https://site/wp-json/` or `https://site/?rest_route=/` (plain permalinks).
 *
 * `route` has no slash at the front. Commas and slashes stay as they are, so that lists of ids are a third shorter.
 */
export function buildRestUrl(apiRoot: string, route: string, query: RestQuery = {}): string {
  const { base, isPlain, kept } = readRoot(apiRoot)
  const pairs = isPlain ? [`rest_route=${encodeValue(`/${route}`)}`, ...kept] : [...kept]
  for (const [name, value] of Object.entries(query)) if (value !== undefined) pairs.push(encodePair(name, value))
  const address = isPlain ? base : `${base}${route}`
  return pairs.length === 0 ? address : `${address}?${pairs.join('&')}`
}

interface Root {
  readonly apiRoot: string
  /** Ends in a slash, unless it is plain. */
  readonly base: string
  readonly isPlain: boolean
  /** Of its own query, encoded. */
  readonly kept: readonly string[]
}

/** That of the last call: calls to one site follow each other. */
let lastRoot: Root | undefined

function readRoot(apiRoot: string): Root {
  if (lastRoot?.apiRoot === apiRoot) return lastRoot
  const { origin, pathname, searchParams } = new URL(apiRoot)
  const isPlain = searchParams.has('rest_route')
  searchParams.delete('rest_route')
  const base = `${origin}${pathname}${isPlain || pathname.endsWith('/') ? '' : '/'}`
  lastRoot = { apiRoot, base, isPlain, kept: [...searchParams].map(([name, value]) => encodePair(name, value)) }
  return lastRoot
}

/** Whether the root is the one that works without permalinks. */
export function isPlainRoot(apiRoot: string): boolean {
  return readRoot(apiRoot).isPlain
}

function encodePair(name: string, value: string | number | boolean | readonly (string | number)[]): string {
  return `${encodeURIComponent(name)}=${encodeValue(value)}`
}

function encodeValue(value: string | number | boolean | readonly (string | number)[]): string {
  const text = Array.isArray(value) ? value.join(',') : String(value)
  // Most are names and numbers, of which nothing has to be written in another way.
  return /^[\w.,/-]*$/.test(text) ? text : encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%2F', '/')
}
