import { inspect } from 'node:util'
import type { Secret } from '../ports/secret.ts'

const shown = '[secret]'

/** A closure over the value: no property holds it, so nothing can print, clone or serialise it. */
export function createSecret(value: string): Secret {
  const secret: Secret = {
    reveal: () => value,
    toString: () => shown,
    toJSON: () => shown,
  }
  Object.defineProperty(secret, inspect.custom, { value: () => shown })
  for (const key of Reflect.ownKeys(secret)) Object.defineProperty(secret, key, { enumerable: false })
  return Object.freeze(secret)
}
