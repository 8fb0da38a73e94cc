import { describe, expect, it } from 'vitest'
import { mapStatusToError } from './status-to-error.ts'

const now = new Date('2026-11-02T09:00:00Z')

function map(status: number, options: { safe?: boolean; retryAfter?: string; url?: string; message?: string } = {}) {
  const { safe = true, retryAfter, url = 'https://site.example/wp-json?token=s3cret', message } = options
  const headers = new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter })
  return mapStatusToError({ status, headers, url }, { now, safe, ...(message === undefined ? {} : { message }) })
}

describe('mapStatusToError', () => {
  it.each([
    [400, 'REMOTE_REJECTED', false, 'none'],
    [401, 'AUTH_FAILED', false, 'none'],
    [403, 'PERMISSION_DENIED', false, 'none'],
    [404, 'REMOTE_NOT_FOUND', false, 'none'],
    [408, 'REMOTE_FAILED', true, 'none'],
    [409, 'REMOTE_REJECTED', false, 'none'],
    [410, 'REMOTE_NOT_FOUND', false, 'none'],
    [413, 'REMOTE_REJECTED', false, 'none'],
    [422, 'REMOTE_REJECTED', false, 'none'],
    [429, 'RATE_LIMITED', true, 'none'],
    [500, 'REMOTE_FAILED', true, 'unknown'],
    [502, 'REMOTE_FAILED', true, 'unknown'],
    [503, 'REMOTE_FAILED', true, 'unknown'],
    [504, 'REMOTE_FAILED', true, 'unknown'],
    [524, 'REMOTE_FAILED', true, 'unknown'],
  ])('maps a write answered with %i to %s', (status, code, retryable, effect) => {
    expect(map(status, { safe: false })).toMatchObject({ code, retryable, effect, details: { status } })
    expect(map(status, { safe: true })).toMatchObject({ code, retryable, effect: 'none' })
    expect(map(status).hint).not.toBe('')
  })

  it.each([
    ['30', 30_000],
    ['Mon, 02 Nov 2026 09:00:10 GMT', 10_000],
    ['soon', undefined],
    [undefined, undefined],
  ])('passes on the pause that was asked for (%s)', (retryAfter, retryAfterMs) => {
    expect(map(429, retryAfter === undefined ? {} : { retryAfter }).retryAfterMs).toBe(retryAfterMs)
  })

  it('names the host and not the query, or says what it is told to say', () => {
    expect(map(500).message).toBe('site.example answered 500.')
    expect(map(500, { url: 'no url' }).message).toBe('The site answered 500.')
    expect(map(500, { message: 'The image is gone.' }).message).toBe('The image is gone.')
  })
})
