import type { Secret } from '@igny8/core'

/** Makes a secret for tests. */
export function buildSecret(value = 'key-1'): Secret {
  return { reveal: () => value, toString: () => '[secret]', toJSON: () => '[secret]' }
}
