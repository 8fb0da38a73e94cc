import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildSecret } from './build-secret.ts'
import { mapRefusalToError, quote } from './vendor-failure.ts'

const now = new Date('2026-11-24T10:00:00Z')

function errorOf(status: number, headers: Readonly<Record<string, string>> = {}) {
  const refusal = { code: null, message: null }
  const answer = { status, headers: new Headers(headers) }
  return mapRefusalToError({ vendor: 'V', answer, refusal, apiKey: buildSecret('k-1'), now })
}

describe('mapRefusalToError', () => {
  it.each([
    [400, 'INVALID_INPUT', 'none', false],
    [401, 'AUTH_FAILED', 'none', false],
    [402, 'QUOTA_EXHAUSTED', 'none', false],
    [403, 'PERMISSION_DENIED', 'none', false],
    [404, 'REMOTE_NOT_FOUND', 'none', false],
    [408, 'REMOTE_FAILED', 'unknown', true],
    [409, 'INVALID_INPUT', 'unknown', false],
    [413, 'INVALID_INPUT', 'none', false],
    [429, 'RATE_LIMITED', 'none', true],
    [500, 'REMOTE_FAILED', 'unknown', true],
    [503, 'OVERLOADED', 'unknown', true],
    [504, 'REMOTE_FAILED', 'unknown', true],
    [529, 'OVERLOADED', 'none', true],
  ])('%i without news is %s with effect %s', (status, code, effect, retryable) => {
    expect(errorOf(status)).toMatchObject({ code, effect, retryable })
  })

  it('believes a 503 that asks for a pause that it was not worked on', () => {
    expect(errorOf(503, { 'retry-after': '3' })).toMatchObject({ effect: 'none', retryAfterMs: 3_000 })
  })
})

describe('quote', () => {
  it('repeats neither the key nor parts of one', () => {
    const key = buildSecret('sk-proj-abcdef')
    expect(quote('Incorrect key: sk-proj-abcdef', key)).toBe('Incorrect key: [secret]')
    expect(quote('Incorrect key: sk-pr***def, see the console', key)).toBe('Incorrect key: [secret], see the console')
    expect(quote('Incorrect key: sk-other-key-1234', key)).toBe('Incorrect key: [secret]')
    expect(quote('Incorrect key: ab12****ef', key)).toBe('Incorrect key: [secret]')
  })

  it('is one short line, whatever the vendor sends, and without the key', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (key, before, after) => {
        fc.pre(!'[secret]'.includes(key) && !/\s/.test(key))
        const text = quote(`${before}${key}${after}`, buildSecret(key))
        expect(text).not.toMatch(/\p{Cc}/u)
        expect(text.length).toBeLessThanOrEqual(300)
        if (!`${before}[secret]${after}`.replaceAll(/\s+/g, ' ').includes(key)) expect(text).not.toContain(key)
      }),
    )
  })
})
