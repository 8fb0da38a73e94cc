import type { Parameters } from './check-parameters.ts'

/** A query as PHP reads it: `a[]=1&a[]=2` is a list, `a[b]=1` a map, the last of several plain ones counts. */
export function readQuery(search: URLSearchParams): Parameters {
  const parameters: Parameters = {}
  for (const [name, value] of search) {
    const bracket = name.indexOf('[')
    if (bracket <= 0 || !name.endsWith(']')) {
      parameters[name] = value
      continue
    }
    const base = name.slice(0, bracket)
    const key = name.slice(bracket + 1, -1)
    const before = parameters[base]
    if (key === '' || /^\d+$/.test(key)) parameters[base] = [...(Array.isArray(before) ? before : []), value]
    else parameters[base] = { ...(typeof before === 'object' && !Array.isArray(before) ? before : {}), [key]: value }
  }
  return parameters
}
