import { createHmac, timingSafeEqual } from 'node:crypto'

/** HMAC-SHA256. */
export function signHmac(key: Uint8Array | string, data: Uint8Array | string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

/** Compares in constant time; a signature of another length is simply wrong. */
export function verifyHmac(key: Uint8Array | string, data: Uint8Array | string, signature: Uint8Array): boolean {
  const expected = signHmac(key, data)
  return signature.byteLength === expected.byteLength && timingSafeEqual(expected, signature)
}
