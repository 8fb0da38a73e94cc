import { hash } from 'node:crypto'

/** Longer strings take part by a hash of their own. */
const longText = 256

/**
 * SHA-256 in hex over JSON with sorted keys: equal values give equal hashes, whatever the order they were built in.
 *
 * In it stands a long string, as a body, as its own SHA-256 behind a NUL: to write it as JSON once more measured at as much as all else.
 */
export function hashJson(value: unknown): string {
  return sha256(JSON.stringify(inOneOrder(value, shorten)) ?? 'null')
}

/** JSON whose keys stand in one order, however the value was built; `undefined` members are left out, instants are written as JSON does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOneOrder(value)) ?? 'null'
}

/** Whether both are the same JSON. */
export function isSameJson(one: unknown, other: unknown): boolean {
  return one === other || canonicalJson(one) === canonicalJson(other)
}

/** Half a surrogate pair has no bytes: JSON writes it as an escape. What looks like a hash of this kind is hashed too. */
function shorten(text: string): string {
  const isShort = text.length <= longText && !text.startsWith('\0')
  return isShort || !text.isWellFormed() ? text : `\0${sha256(text)}`
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}

/**
 * The same value with its keys sorted, itself where they are: one native pass then writes the whole text, which measured at twice the speed of joining
 * pieces. Keys that look like indexes come first and by number, as in every object.
 */
function inOneOrder(value: unknown, ofText?: (text: string) => string): unknown {
  if (typeof value === 'string') return ofText?.(value) ?? value
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  if (Array.isArray(value)) {
    const members = value.map((member) => inOneOrder(member, ofText))
    return members.every((member, index) => member === value[index]) ? value : members
  }
  const source = value as Record<string, unknown>
  const keys = Object.keys(source)
  let isSame = keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key)
  if (!isSame) keys.sort()
  // Without a prototype `__proto__` is a key like any other, and everything takes twice as long.
  const target = (keys.includes('__proto__') ? Object.create(null) : {}) as Record<string, unknown>
  for (const key of keys) {
    const member = inOneOrder(source[key], ofText)
    isSame &&= member === source[key]
    target[key] = member
  }
  return isSame ? source : target
}
