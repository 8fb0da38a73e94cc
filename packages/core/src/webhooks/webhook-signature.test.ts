import { createSecretKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signHmac } from '../adapter-kit/hmac.ts'
import { isSignedWith, isTimely, readSigningKey, signedContent } from './webhook-signature.ts'

/** As published with Standard Webhooks. */
const vector = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: '1614265330',
  body: Buffer.from('{"test": 2432232314}'),
  signature: Buffer.from('g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=', 'base64'),
}

const key = readSigningKey(vector.secret) ?? createSecretKey(Buffer.alloc(32))
const isRight = (signatures: readonly Uint8Array[], body: Uint8Array = vector.body, changes = {}) =>
  isSignedWith(signHmac, key, signedContent({ ...vector, ...changes }, body), signatures)

describe('a signature', () => {
  it('is right over id, time and the raw bytes', () => {
    expect(isRight([vector.signature])).toBe(true)
  })

  it.each([
    ['another byte of body', Buffer.from('{"test": 2432232315}'), {}],
    ['the same value in other bytes', Buffer.from('{"test":2432232314}'), {}],
    ['another id', vector.body, { id: 'msg_p5jXN8AQM9LWM0D4loKWxJel' }],
    ['another time', vector.body, { timestamp: '1614265331' }],
    ['the same time in other digits', vector.body, { timestamp: '01614265330' }],
  ])('is wrong over %s', (_name, body, changes) => {
    expect(isRight([vector.signature], body, changes)).toBe(false)
  })

  it('may stand among others, first or last', () => {
    const other = Buffer.alloc(32)
    expect(isRight([other, vector.signature])).toBe(true)
    expect(isRight([vector.signature, other])).toBe(true)
    expect(isRight([other])).toBe(false)
    expect(isRight([])).toBe(false)
  })

  it('of another length is wrong, not an error', () => {
    expect(isRight([vector.signature.subarray(0, 31), Buffer.alloc(0), Buffer.alloc(33)])).toBe(false)
  })

  it('covers bytes that are no text', () => {
    const body = Buffer.from([0xff, 0xfe, 0x00, 0x80])
    expect(
      isRight([signHmac(key, Buffer.concat([Buffer.from(`${vector.id}.${vector.timestamp}.`), body]))], body),
    ).toBe(true)
  })
})

describe('a delivery', () => {
  const now = new Date(1_614_265_330_999)
  it.each([
    [0, true],
    [-300, true],
    [300, true],
    [-301, false],
    [301, false],
  ])('%i seconds off is timely: %s', (seconds, expected) => {
    expect(isTimely({ timestamp: String(1_614_265_330 + seconds) }, now)).toBe(expected)
  })
})

describe('a secret', () => {
  it.each([
    '',
    'whsec_',
    'whsec_AAAA',
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'whsec_MfKQ9r8GKYqrTwjUPD8I LPZIo2LaLaSw',
    'whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  ])('that is empty, short or in another form signs nothing: "%s"', (secret) => {
    expect(readSigningKey(secret)).toBeUndefined()
  })
})
