import type { Effect, Primitive } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'
import * as z from 'zod'
import type { SiteAnswer } from './read-answer.ts'

/** WordPress's own form of an error. */
export const errorBodySchema = z.looseObject({
  code: z.union([z.string(), z.number()]).transform(String),
  message: z.string().catch(''),
  data: z
    .looseObject({ params: z.unknown().optional(), term_id: z.coerce.number().optional() })
    .optional()
    .catch(undefined),
})

/** An answer that is not the one asked for. */
export interface FailedAnswer {
  readonly status: number
  /** Of the response; `Retry-After` already in milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** `X-WP-Upload-Attachment-ID`: what WordPress stored before it failed. */
  readonly attachmentId?: string | null
  readonly answer: SiteAnswer
  readonly isWrite: boolean
  readonly route: string
  /** Takes the credential out of what the site said. */
  hide(text: string): string
}

/**
 * Error codes of WordPress that come before anything is written. Others can follow a write: terms, meta and the featured image
 * are set after the post is saved.
 */
const refusedBeforeWriting = new Set([
  'rest_invalid_param',
  'rest_missing_callback_param',
  'rest_no_route',
  'rest_not_logged_in',
  'rest_forbidden',
  'rest_forbidden_context',
  'rest_cannot_create',
  'rest_cannot_edit',
  'rest_cannot_edit_others',
  'rest_cannot_assign_term',
  'rest_cannot_assign_sticky',
  'rest_cannot_publish',
  'rest_cannot_manage_terms',
  'rest_post_exists',
  'rest_post_invalid_id',
  'rest_post_invalid_page_number',
  'rest_term_invalid',
  'rest_batch_not_allowed',
  'rest_trash_not_supported',
  'rest_already_trashed',
  'rest_user_cannot_delete_post',
  'rest_upload_hash_mismatch',
  'rest_upload_no_data',
  'rest_upload_invalid_disposition',
  'rest_upload_no_content_disposition',
  'rest_upload_no_content_type',
  'rest_upload_sideload_error',
  'rest_upload_limited_space',
  'rest_upload_file_too_big',
  'rest_upload_image_type_not_supported',
  'term_exists',
  'duplicate_term_slug',
  'empty_content',
  'incorrect_password',
  'invalid_username',
  'invalid_email',
  'application_passwords_disabled',
  'application_passwords_disabled_for_user',
])

/** Statuses that a server gives before it hands a request to PHP. */
const refusedBeforePhp = new Set([401, 404, 405, 413, 414, 415, 429])

/** The typed error for a failed answer; `details.wordpressCode` is WordPress's own code, where it is WordPress that answers. */
export function mapAnswerToError(failed: FailedAnswer): Igny8Error {
  const { status, isWrite, route, attachmentId, hide } = failed
  const body = failed.answer.kind === 'json' ? errorBodySchema.safeParse(failed.answer.value).data : undefined
  const isJson = failed.answer.kind === 'json'
  const known = body === undefined ? refusedBeforePhp.has(status) : isRefusedBeforeWriting(body)
  const effect: Effect = isWrite && !known ? 'unknown' : 'none'
  // Hidden before anything is cut off, so that no half of it remains.
  const said = body === undefined ? '' : `: ${cleanMessage(hide(body.message))}`
  const code = body === undefined ? '' : cleanMessage(hide(body.code)).slice(0, 100)
  const details: Record<string, Primitive> = { status, route }
  if (body !== undefined) details.wordpressCode = code
  if (body?.data?.term_id !== undefined) details.termId = body.data.term_id
  const parameter = isObject(body?.data?.params) ? Object.keys(body.data.params)[0] : undefined
  if (parameter !== undefined) details.parameter = hide(parameter).slice(0, 50)
  if (attachmentId && /^[1-9]\d{0,15}$/.test(attachmentId)) details.attachmentId = attachmentId
  if (failed.answer.kind !== 'json') details.answer = failed.answer.kind
  const make = (errorCode: string, message: string, hint: string, retryable = false) =>
    new Igny8Error({ code: errorCode, message, hint, retryable, effect, details, retryAfterMs: failed.retryAfterMs })

  if (status >= 200 && status < 300) {
    if (failed.answer.kind === 'wrong-charset') {
      return make(
        'REMOTE_MALFORMED',
        `The site answered ${status} with text in a broken encoding: it is neither UTF-8 nor what the site says that it is.`,
        'Look for a plugin, proxy or PHP setting (default_charset) that changes the character set of the site’s /wp-json/. WordPress itself sends UTF-8.',
        true,
      )
    }
    return make(
      'REMOTE_MALFORMED',
      isJson
        ? 'The site answered with data that WordPress does not send.'
        : `The site answered ${status} with ${describeAnswer(failed.answer.kind)} in place of data.`,
      'Something stands in WordPress’s place: a maintenance page, a cache, a login plugin, or PHP notices. Open the site’s /wp-json/ in a browser to see it.',
      true,
    )
  }
  if (status === 429 || (body === undefined && failed.retryAfterMs !== undefined && status === 503)) {
    return make('RATE_LIMITED', `The site asks to slow down (${status})${said}`, 'Wait; it is tried again later.', true)
  }
  if (body !== undefined && isAuthenticationProblem(body.code, status, failed.answer)) {
    return make(
      'AUTH_FAILED',
      `WordPress does not know who is asking (${code})${said}`,
      'Regenerate the application password under Users → Profile and enter it again. Testing the connection tells more.',
    )
  }
  if (body !== undefined && isForbidden(body.code, status)) {
    return make(
      'PERMISSION_DENIED',
      `WordPress refuses this to the user of the application password (${code})${said}`,
      'Use an application password of an administrator or editor, or widen the user’s role.',
    )
  }
  if (status === 404 && body !== undefined && goneCodes.has(body.code)) {
    return make(
      'REMOTE_NOT_FOUND',
      `WordPress has no such item (${code}).`,
      'It was deleted on the site, or is of another type now.',
    )
  }
  if (status === 404 || status === 405) {
    return make(
      'REMOTE_FAILED',
      `The site does not have the route /${route}${body === undefined ? ' as WordPress’s REST API' : ` (${code})`}.`,
      'Refresh the site’s structure. If it persists: save Settings → Permalinks once, and look for plugins that switch off parts of the REST API.',
    )
  }
  if (status === 401 || status === 403) {
    return make(
      status === 401 ? 'AUTH_FAILED' : 'PERMISSION_DENIED',
      `Something in front of WordPress refuses the request (${status}, ${describeAnswer(failed.answer.kind)})${said}`,
      'Check security plugins, the web server’s own password and the firewall: they must let /wp-json/ through.',
    )
  }
  if (status >= 500 && body?.code.startsWith('rest_upload_') !== true) {
    return make(
      'REMOTE_FAILED',
      `The site failed with ${status}${said || ` (${describeAnswer(failed.answer.kind)})`}`,
      'It is tried again later. If it persists, look into the site’s PHP error log.',
      true,
    )
  }
  return make(
    'REMOTE_REJECTED',
    `WordPress rejected the request with ${status}${said}`,
    'Correct what the message names, then try again.',
  )
}

/** Meta that does not fit its schema is refused under the name of a parameter too, but after the post is saved. */
function isRefusedBeforeWriting(body: z.infer<typeof errorBodySchema>): boolean {
  if (body.code === 'rest_invalid_param') return body.data?.params !== undefined
  return refusedBeforeWriting.has(body.code)
}

const goneCodes = new Set(['rest_post_invalid_id', 'rest_term_invalid', 'rest_post_invalid_parent'])

const authenticationCodes = new Set([
  'rest_not_logged_in',
  'incorrect_password',
  'invalid_username',
  'invalid_email',
  'application_passwords_disabled',
  'application_passwords_disabled_for_user',
])

/** WordPress gives 401 to the anonymous and 403 to those it knows; a forbidden status hides that one level down. */
function isAuthenticationProblem(code: string, status: number, answer: SiteAnswer): boolean {
  return authenticationCodes.has(code) || (status === 401 && code.startsWith('rest_')) || statusProblem(answer) === 401
}

function isForbidden(code: string, status: number): boolean {
  return (status === 403 && code.startsWith('rest_')) || code === 'rest_forbidden_status'
}

const forbiddenStatusSchema = z.looseObject({
  data: z.looseObject({
    details: z.looseObject({
      status: z.looseObject({ code: z.literal('rest_forbidden_status'), data: z.looseObject({ status: z.number() }) }),
    }),
  }),
})

/** 401 or 403 where a `status` filter was refused for lack of rights, which WordPress wraps into a 400. */
function statusProblem(answer: SiteAnswer): number | null {
  if (answer.kind !== 'json') return null
  const body = forbiddenStatusSchema.safeParse(answer.value)
  return body.success ? body.data.data.details.status.data.status : null
}

/** Text of the other side, fit for a message: no tags, no control characters, no length. */
export function cleanMessage(text: string): string {
  let clean = ''
  let insideTag = false
  for (const character of text.slice(0, 1000)) {
    if (character === '<') insideTag = true
    else if (character === '>' && insideTag) insideTag = false
    else if (!insideTag) clean += isControl(character) ? ' ' : character
  }
  return clean.trim().slice(0, 300)
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return code < 0x20 || (code >= 0x7f && code < 0xa0)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function describeAnswer(kind: SiteAnswer['kind']): string {
  switch (kind) {
    case 'json':
      return 'JSON'
    case 'empty':
      return 'an empty body'
    case 'truncated':
      return 'a body that was cut off'
    case 'login-page':
      return 'a login page'
    case 'maintenance':
      return 'a maintenance page'
    case 'html':
      return 'a web page'
    case 'wrong-charset':
      return 'text in a broken encoding'
    case 'other':
      return 'text that is not JSON'
  }
}
