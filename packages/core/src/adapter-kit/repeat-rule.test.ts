import { describe, expect, it } from 'vitest'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { HttpResponse } from '../ports/http-client.ts'
import { isSafe, pauseBeforeRepeat } from './repeat-rule.ts'

/** The longest pause that jitter allows. */
const random = { bytes: (length: number) => new Uint8Array(length).fill(255) }
const now = new Date('2026-11-02T09:00:00Z')
const read = { method: 'GET' } as const
const write = { method: 'POST' } as const

function pause(request: Parameters<typeof pauseBeforeRepeat>[0], status: number, retryAfter?: string, attempt = 1) {
  const headers = new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter })
  const response: HttpResponse = { status, headers, url: '', body: new Uint8Array(), text: () => '' }
  return pauseBeforeRepeat(request, { response }, { attempt, now, random })
}

describe('isSafe', () => {
  it.each([
    ['GET', true],
    ['HEAD', true],
    ['POST', false],
    ['PUT', false],
    ['PATCH', false],
    ['DELETE', false],
  ] as const)('takes %s for safe: %s, unless told otherwise', (method, safe) => {
    expect([isSafe({ method }), isSafe({ method, safe: !safe })]).toEqual([safe, !safe])
  })
})

describe('pauseBeforeRepeat', () => {
  it.each([
    [200, undefined],
    [304, undefined],
    [400, undefined],
    [401, undefined],
    [404, undefined],
    [501, undefined],
    [408, 500],
    [429, 500],
    [500, 500],
    [502, 500],
    [503, 500],
    [504, 500],
  ])('repeats a read answered with %i after %s ms, and a write not at all', (status, ms) => {
    expect([pause(read, status), pause(write, status)]).toEqual([ms, undefined])
    expect(pause({ ...write, safe: true }, status)).toBe(ms)
    expect(pause({ ...read, safe: false }, status)).toBeUndefined()
  })

  it('waits longer after every attempt', () => {
    expect([1, 2, 3].map((attempt) => pause(read, 500, undefined, attempt))).toEqual([500, 1_000, 2_000])
  })

  it.each([
    [429, 7_000],
    [503, 7_000],
    [500, undefined],
    [502, undefined],
  ])('repeats a write answered with %i only where Retry-After says that it was not read', (status, ms) => {
    expect(pause(write, status, '7')).toBe(ms)
    expect(pause(write, status, 'soon')).toBeUndefined()
    expect(pause(read, status, '7')).toBe(7_000)
  })

  it('leaves pauses of more than a minute to the caller', () => {
    expect([pause(read, 429, '60'), pause(read, 429, '61'), pause(write, 503, '61')]).toEqual([
      60_000,
      undefined,
      undefined,
    ])
  })

  it.each([
    ['a failure that may pass', { code: 'CONNECTION_FAILED', retryable: true, effect: 'none' }, 500, 500],
    ['an unknown effect', { code: 'TIMEOUT', retryable: true, effect: 'unknown' }, 500, undefined],
    ['a failure that stays', { code: 'TLS_FAILED', effect: 'none' }, undefined, undefined],
    ['a cancelled request', { code: 'CANCELLED', retryable: true, effect: 'none' }, undefined, undefined],
    ['a pause of the host', { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 61_000 }, undefined, undefined],
  ] as const)('repeats after %s: a read after %3$s ms, a write after %4$s ms', (_name, failure, ofRead, ofWrite) => {
    const error = new Igny8Error({ message: 'no', ...failure })
    const circumstances = { attempt: 1, now, random }
    expect([
      pauseBeforeRepeat(read, { error }, circumstances),
      pauseBeforeRepeat(write, { error }, circumstances),
    ]).toEqual([ofRead, ofWrite])
  })
})
