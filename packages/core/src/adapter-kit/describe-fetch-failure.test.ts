import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Igny8Error } from '../errors/igny8-error.ts'
import { describeFetchFailure, type FailedAttempt } from './describe-fetch-failure.ts'

const attempt: FailedAttempt = {
  place: 'https://site.example/wp-json',
  host: 'site.example',
  unsafe: true,
  timeoutMs: 1_000,
  timedOut: false,
  cancelled: false,
}

/** As fetch throws it: a TypeError around what happened. */
function failure(code: string | undefined, inner = Object.assign(new Error('inner'), { code })): Error {
  return new TypeError('fetch failed', { cause: inner })
}

describe('describeFetchFailure', () => {
  it.each([
    ['ECONNREFUSED', 'CONNECTION_FAILED', true, 'none'],
    ['EHOSTUNREACH', 'CONNECTION_FAILED', true, 'none'],
    ['ENETUNREACH', 'CONNECTION_FAILED', true, 'none'],
    ['UND_ERR_CONNECT_TIMEOUT', 'CONNECTION_FAILED', true, 'none'],
    ['ECONNRESET', 'CONNECTION_FAILED', true, 'unknown'],
    ['EPIPE', 'CONNECTION_FAILED', true, 'unknown'],
    ['UND_ERR_SOCKET', 'CONNECTION_FAILED', true, 'unknown'],
    ['HPE_INVALID_CONSTANT', 'CONNECTION_FAILED', true, 'unknown'],
    [undefined, 'CONNECTION_FAILED', true, 'unknown'],
    ['CERT_HAS_EXPIRED', 'TLS_FAILED', false, 'none'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS_FAILED', false, 'none'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS_FAILED', false, 'none'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS_FAILED', false, 'none'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS_FAILED', false, 'none'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS_FAILED', false, 'unknown'],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'TLS_FAILED', false, 'unknown'],
    ['EPROTO', 'TLS_FAILED', false, 'unknown'],
  ])('describes a write that ended with %s', (systemCode, code, retryable, effect) => {
    expect(describeFetchFailure(failure(systemCode), attempt)).toMatchObject({ code, retryable, effect })
    expect(describeFetchFailure(failure(systemCode), { ...attempt, unsafe: false })).toMatchObject({
      code,
      retryable,
      effect: 'none',
    })
  })

  it('finds the code among several tries to connect', () => {
    const each = Object.assign(new Error('one'), { code: 'ECONNREFUSED' })
    const error = new TypeError('fetch failed', { cause: new AggregateError([each, each]) })
    expect(describeFetchFailure(error, attempt)).toMatchObject({ code: 'CONNECTION_FAILED', effect: 'none' })
  })

  it('lets an error of ours through, however deep it lies', () => {
    const ours = new Igny8Error({ code: 'OUTBOUND_REFUSED', message: 'no' })
    expect(describeFetchFailure(new TypeError('fetch failed', { cause: ours }), attempt)).toBe(ours)
  })

  it('says of a cancelled write that its effect is unknown, also where the caller gave an error of ours as the reason', () => {
    const abortReason = new Igny8Error({ code: 'STOPPED', message: 'stop' })
    expect(describeFetchFailure(abortReason, { ...attempt, cancelled: true, abortReason })).toMatchObject({
      code: 'CANCELLED',
      effect: 'unknown',
    })
  })

  it('says of a write that took too long that its effect is unknown', () => {
    expect(describeFetchFailure(new DOMException('x', 'TimeoutError'), { ...attempt, timedOut: true })).toMatchObject({
      code: 'TIMEOUT',
      effect: 'unknown',
      retryable: true,
    })
  })

  it.each([undefined, null, 'text', 7, {}, new AggregateError([])])('takes whatever was thrown: %s', (thrown) => {
    expect(describeFetchFailure(thrown, attempt)).toMatchObject({ code: 'CONNECTION_FAILED', effect: 'unknown' })
  })

  it('does not run for ever over causes in a circle', () => {
    const error = new Error('circle')
    error.cause = error
    expect(describeFetchFailure(error, attempt)).toMatchObject({ code: 'CONNECTION_FAILED' })
  })

  it('repeats nothing of what was thrown but its code', () => {
    const inner = Object.assign(new Error('Bearer hunter2'), { code: 'ECONNRESET', headers: 'hunter2' })
    const described = describeFetchFailure(failure('ECONNRESET', inner), attempt)
    expect(inspect(described, { showHidden: true, depth: 9 })).not.toContain('hunter2')
  })
})
