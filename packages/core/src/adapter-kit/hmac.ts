import { createHmac, KeyObject, timingSafeEqual } from 'node:crypto'
import { Igny8Error } from '../errors/igny8-error.ts'

/** HMAC-SHA256. Throws `INVALID_INPUT` for an empty key, with which anybody could sign. */
export function signHmac(key: Uint8Array | KeyObject | string, data: Uint8Array | string): Buffer {
  if ((key instanceof KeyObject ? key.symmetricKeySize : key.length) === 0)
    throw new Igny8Error({
      code: 'INVALID_INPUT',
      message: 'The signing secret is empty.',
      hint: 'Set a secret, the same on both sides.',
      details: { field: 'key' },
    })
  return createHmac('sha256', key).update(data).digest()
}

/** Compares in constant time; a signature of another length is simply wrong. Throws `INVALID_INPUT` for an empty key. */
export function verifyHmac(key: Uint8Array | string, data: Uint8Array | string, signature: Uint8Array): boolean {
  const expected = signHmac(key, data)
  return signature.byteLength === expected.byteLength && timingSafeEqual(expected, signature)
}
