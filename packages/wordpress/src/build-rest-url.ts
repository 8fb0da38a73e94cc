/** Query of a REST call; lists are joined by commas, `undefined` is left out. */
export type RestQuery = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>

/**
 * URL of a REST route under either kind of root: `https://site/wp-json/` or `https://site/?rest_route=/` (plain permalinks).
 *
 * `route` has no slash at the front. Commas and slashes stay as they are, so that lists of ids are a third shorter.
 */
export function buildRestUrl(apiRoot: string, route: string, query: RestQuery = {}): string {
  const url = new URL(apiRoot)
  const rest = url.searchParams.get('rest_route')
  if (rest !== null) url.searchParams.delete('rest_route')
  const base = `${url.origin}${url.pathname}`
  const kept = [...url.searchParams].map(([name, value]) => [name, value] as const)
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  const pairs = rest === null ? [...kept, ...given] : [['rest_route', `/${route}`] as const, ...kept, ...given]
  const address = rest === null ? `${base.endsWith('/') ? base : `${base}/`}${route}` : base
  const search = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeValue(value)}`).join('&')
  return search === '' ? address : `${address}?${search}`
}

/** Whether the root is the one that works without permalinks. */
export function isPlainRoot(apiRoot: string): boolean {
  return new URL(apiRoot).searchParams.has('rest_route')
}

function encodeValue(value: string | number | boolean | readonly (string | number)[]): string {
  const text = Array.isArray(value) ? value.join(',') : String(value)
  return encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%2F', '/')
}
