import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordedJson } from './canned-site.ts'
import { cleanMessage, type FailedAnswer, mapAnswerToError } from './map-answer-to-error.ts'
import type { SiteAnswer } from './read-answer.ts'

/** The error for a write that failed, as far as a test does not say otherwise. */
function explain(status: number, answer: SiteAnswer | object, more: Partial<FailedAnswer> = {}) {
  const read: SiteAnswer = isAnswer(answer) ? answer : { kind: 'json', value: answer, hasNoise: false }
  return mapAnswerToError({ status, answer: read, isWrite: true, route: 'wp/v2/posts', hide: (text) => text, ...more })
}

function isAnswer(answer: SiteAnswer | object): answer is SiteAnswer {
  return 'kind' in answer
}

const page: SiteAnswer = { kind: 'html', page: '<html></html>' }

describe('the effect of a failed write', () => {
  it.each([
    ['rest_missing_callback_param', 400],
    ['rest_no_route', 404],
    ['rest_not_logged_in', 401],
    ['rest_forbidden', 403],
    ['rest_forbidden_context', 403],
    ['rest_cannot_create', 403],
    ['rest_cannot_edit', 403],
    ['rest_cannot_edit_others', 403],
    ['rest_cannot_assign_term', 403],
    ['rest_cannot_assign_sticky', 403],
    ['rest_cannot_publish', 403],
    ['rest_cannot_manage_terms', 403],
    ['rest_post_exists', 400],
    ['rest_post_invalid_id', 404],
    ['rest_post_invalid_page_number', 400],
    ['rest_term_invalid', 404],
    ['rest_batch_not_allowed', 400],
    ['rest_trash_not_supported', 501],
    ['rest_already_trashed', 410],
    ['rest_user_cannot_delete_post', 403],
    ['rest_upload_hash_mismatch', 412],
    ['rest_upload_no_data', 400],
    ['rest_upload_invalid_disposition', 400],
    ['rest_upload_no_content_disposition', 400],
    ['rest_upload_no_content_type', 400],
    ['rest_upload_sideload_error', 500],
    ['rest_upload_limited_space', 400],
    ['rest_upload_file_too_big', 400],
    ['rest_upload_image_type_not_supported', 400],
    ['term_exists', 400],
    ['duplicate_term_slug', 400],
    ['empty_content', 400],
    ['incorrect_password', 401],
    ['invalid_username', 401],
    ['invalid_email', 401],
    ['application_passwords_disabled', 401],
    ['application_passwords_disabled_for_user', 401],
  ])('is none after %s (%i)', (code, status) => {
    expect(explain(status, { code, message: '' })).toMatchObject({
      effect: 'none',
      details: { wordpressCode: code, status },
    })
  })

  it('is none where parameters were refused, and unknown where meta was, which is set after the post', () => {
    const refused = { code: 'rest_invalid_param', message: '', data: { params: { status: 'no' } } }
    expect(explain(400, refused)).toMatchObject({ effect: 'none', details: { parameter: 'status' } })
    const meta = { code: 'rest_invalid_param', message: '', data: { status: 400 } }
    expect(explain(400, meta)).toMatchObject({ effect: 'unknown' })
  })

  it.each([
    ['a failure of the database', 500, { code: 'db_update_error', message: '' }],
    ['a code that nobody knows', 400, { code: 'plugin_says_no', message: '' }],
    ['a fatal error', 500, { code: 'internal_server_error', message: '' }],
    ['a page with 500', 500, page],
    ['a page with 403', 403, page],
    ['a gateway that gave up', 504, { kind: 'empty' as const }],
    ['a page in place of the answer', 200, page],
    ['an answer cut off', 200, { kind: 'truncated' as const }],
    ['an answer in another encoding', 201, { kind: 'wrong-charset' as const }],
  ])('is unknown after %s', (_what, status, answer) => {
    expect(explain(status, answer)).toMatchObject({ effect: 'unknown' })
  })

  it('is none where the server refused before PHP ran', () => {
    const effects = [401, 404, 405, 413, 414, 415, 429].map((status) => explain(status, page).effect)
    expect(new Set(effects)).toEqual(new Set(['none']))
  })

  it('is unknown after every 5xx whose code is not known, whatever it says', () => {
    const unknown = fc.string().filter((code) => !code.startsWith('rest_'))
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 599 }), unknown, fc.string(), (status, code, message) => {
        expect(explain(status, { code, message })).toMatchObject({ effect: 'unknown' })
      }),
    )
  })

  it('is none for a read, whatever came', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.jsonValue(), (status, value) => {
        const error = explain(status, { kind: 'json', value, hasNoise: false }, { isWrite: false })
        expect(error.effect).toBe('none')
      }),
    )
  })
})

describe('the code of a failed answer', () => {
  it.each([
    ['notLoggedIn', 401, 'AUTH_FAILED'],
    ['forbiddenContext', 401, 'AUTH_FAILED'],
    ['forbiddenStatus', 400, 'AUTH_FAILED'],
    ['invalidId', 404, 'REMOTE_NOT_FOUND'],
    ['noRoute', 404, 'REMOTE_FAILED'],
    ['alreadyTrashed', 410, 'REMOTE_REJECTED'],
    ['pastTheEnd', 400, 'REMOTE_REJECTED'],
    ['unknownStatus', 400, 'REMOTE_REJECTED'],
    ['termExists', 400, 'REMOTE_REJECTED'],
  ] as const)('for the recorded answer "%s" (%i) is %s', (name, status, code) => {
    expect(explain(status, recordedJson(name) as object)).toMatchObject({ code, retryable: false })
  })

  it.each([
    ['a busy site', 429, page, 'RATE_LIMITED', true],
    ['a web server with a password', 401, page, 'AUTH_FAILED', false],
    ['a firewall', 403, page, 'PERMISSION_DENIED', false],
    ['a page about nothing being there', 404, page, 'REMOTE_FAILED', false],
    ['a host that blocks the method', 405, page, 'REMOTE_FAILED', false],
    ['a broken site', 500, page, 'REMOTE_FAILED', true],
    ['a file that is no image', 500, { code: 'rest_upload_sideload_error', message: '' }, 'REMOTE_REJECTED', false],
    ['a right that is missing', 403, { code: 'rest_cannot_edit', message: '' }, 'PERMISSION_DENIED', false],
    ['a page with 200', 200, page, 'REMOTE_MALFORMED', true],
    ['nothing with 200', 200, { kind: 'empty' as const }, 'REMOTE_MALFORMED', true],
    ['a redirect to nowhere', 304, { kind: 'empty' as const }, 'REMOTE_REJECTED', false],
  ])('for %s (%i) is typed', (_what, status, answer, code, retryable) => {
    const error = explain(status, answer)
    expect(error).toMatchObject({ code, retryable })
    expect(error.hint).not.toBe('')
  })

  it('is typed for any status and any answer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.jsonValue(), (status, value) => {
        expect(explain(status, { kind: 'json', value, hasNoise: false }).code).toMatch(/^[A-Z_]+$/)
      }),
    )
  })

  it('says that maintenance with Retry-After is a pause', () => {
    expect(explain(503, { kind: 'maintenance' }, { retryAfterMs: 600_000 })).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs: 600_000,
    })
  })
})

describe('what an error carries', () => {
  it('names the term that stands in the way', () => {
    expect(explain(400, recordedJson('termExists') as object).details).toMatchObject({ termId: 3 })
  })

  it('names a broken encoding and what to do about it', () => {
    expect(explain(200, { kind: 'wrong-charset' }, { isWrite: false })).toMatchObject({
      code: 'REMOTE_MALFORMED',
      message: expect.stringContaining('encoding'),
      hint: expect.stringContaining('default_charset'),
    })
  })

  it('names an upload that was stored, if it is an id', () => {
    const detailsOf = (attachmentId: string) => explain(500, page, { attachmentId }).details
    expect(detailsOf('41')).toMatchObject({ attachmentId: '41' })
    expect(detailsOf('41/../1')).not.toHaveProperty('attachmentId')
  })

  it('carries no part of a credential, wherever the site repeats it', () => {
    const secret = 'abcdEFGHijklMNOPqrstUVWX'
    const hide = (text: string) => text.replaceAll(secret, '[secret]')
    const message = `${'x'.repeat(290)}${secret}`
    const body = { code: secret, message, data: { params: { [secret]: 'no' } } }
    expect(JSON.stringify(explain(400, body, { hide }))).not.toContain(secret.slice(0, 8))
  })

  it('keeps messages short and free of markup and control characters', () => {
    expect(cleanMessage('<b>No</b>\r\n\u0000\u009b[31mred <script>x</script>')).toBe('No    [31mred x')
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        const clean = cleanMessage(text)
        expect(clean.length).toBeLessThanOrEqual(300)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a log
        expect(clean).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
      }),
    )
  })
})
