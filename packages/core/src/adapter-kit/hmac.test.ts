import { describe, expect, it } from 'vitest'
import { signHmac, verifyHmac } from './hmac.ts'

describe('signHmac', () => {
  // RFC 4231, test case 2.
  it('signs as the RFC says', () => {
    expect(signHmac('Jefe', 'what do ya want for nothing?').toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  it.each(['', new Uint8Array()])('refuses an empty key', (key) => {
    expect(() => signHmac(key, 'data')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
    expect(() => verifyHmac(key, 'data', new Uint8Array(32))).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    )
  })
})

describe('verifyHmac', () => {
  const signature = signHmac('key', 'data')

  it('takes the signature of the key and the data, whatever they are given as', () => {
    expect(verifyHmac('key', 'data', signature)).toBe(true)
    expect(verifyHmac(Buffer.from('key'), Buffer.from('data'), new Uint8Array(signature))).toBe(true)
  })

  it('takes none of another key, other data, or with a bit changed', () => {
    expect([verifyHmac('other', 'data', signature), verifyHmac('key', 'date', signature)]).toEqual([false, false])
    for (let at = 0; at < signature.length; at++) {
      const changed = Buffer.from(signature)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(verifyHmac('key', 'data', changed)).toBe(false)
    }
  })

  it.each([0, 1, 31, 33, 64])('takes none of another length (%i bytes), and does not throw', (length) => {
    expect(verifyHmac('key', 'data', Buffer.concat([signature, signature]).subarray(0, length))).toBe(false)
  })
})
