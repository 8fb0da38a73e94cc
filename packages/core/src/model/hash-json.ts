import { hash } from 'node:crypto'

/** SHA-256 in hex over JSON with sorted keys: equal values give equal hashes, whatever the order they were built in. */
export function hashJson(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'hex')
}

/** JSON whose keys stand in one order, however the value was built; `undefined` members are left out, instants are written as JSON does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOneOrder(value)) ?? 'null'
}

/**
 * The same value with its keys sorted, itself where they are: one native pass then writes the whole text, which measured at twice the speed of joining
 * pieces. Keys that look like indexes come first and by number, as in every object.
 */
function inOneOrder(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  if (Array.isArray(value)) {
    const members = value.map(inOneOrder)
    return members.every((member, index) => member === value[index]) ? value : members
  }
  const source = value as Record<string, unknown>
  const keys = Object.keys(source)
  let isSame = keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key)
  if (!isSame) keys.sort()
  // Without a prototype `__proto__` is a key like any other, and everything takes twice as long.
  const target = (keys.includes('__proto__') ? Object.create(null) : {}) as Record<string, unknown>
  for (const key of keys) {
    const member = inOneOrder(source[key])
    isSame &&= member === source[key]
    target[key] = member
  }
  return isSame ? source : target
}
