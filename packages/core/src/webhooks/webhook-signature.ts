import { createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { SignedHeaders } from './read-webhook-headers.ts'

/** HMAC-SHA256. */
export type SignHmac = (key: KeyObject, data: Uint8Array) => Uint8Array

/** How far a delivery's time may be from ours, either way: beyond it, it may be a replay. */
const toleranceSeconds = 300

/** Below this a key can be guessed; ours have 32. */
const minimumKeyBytes = 16

/** Whether the delivery was made just now. */
export function isTimely({ timestamp }: Pick<SignedHeaders, 'timestamp'>, now: Date): boolean {
  return Math.abs(Math.floor(now.getTime() / 1_000) - Number(timestamp)) <= toleranceSeconds
}

/** What is signed: the raw bytes of the body, behind id and time. */
export function signedContent({ id, timestamp }: Pick<SignedHeaders, 'id' | 'timestamp'>, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body])
}

/** The key in a `whsec_` secret; `undefined` for anything that must not sign. */
export function readSigningKey(secret: string): KeyObject | undefined {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
  const key = base64 === undefined ? undefined : Buffer.from(base64, 'base64')
  return key !== undefined && key.length >= minimumKeyBytes ? createSecretKey(key) : undefined
}

/** Whether one of the signatures is right. Every one is compared, so that the time taken does not tell which. */
export function isSignedWith(
  sign: SignHmac,
  key: KeyObject,
  content: Uint8Array,
  signatures: readonly Uint8Array[],
): boolean {
  const expected = sign(key, content)
  let isRight = false
  for (const signature of signatures) {
    if (signature.length === expected.length && timingSafeEqual(signature, expected)) isRight = true
  }
  return isRight
}
