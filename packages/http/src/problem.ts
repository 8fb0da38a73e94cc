import { type ErrorCode, Igny8Error, type Igny8ErrorInput, isIgny8Error, type Primitive } from '@igny8/core'
import { type HttpErrorCode, mapCodeToStatus } from './error-status.ts'

/** An error of RFC 9457, with what a caller can act on. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly hint: string | null
  readonly retryable: boolean
  readonly details: Readonly<Record<string, Primitive>>
  readonly request_id: string
}

/** An error of the HTTP layer. */
export function httpError(code: HttpErrorCode | 'RATE_LIMITED', rest: Omit<Igny8ErrorInput, 'code'>): Igny8Error {
  return new Igny8Error({ ...rest, code })
}

/**
 * What a caller may know of a failure. Of what failed on our side that is the code alone: its message may tell of the host's inside.
 *
 * `conditional`: the caller named a version in `If-Match`, whose failure has a status of its own.
 */
export function describeProblem(error: unknown, requestId: string, conditional = false): Problem {
  const known = isIgny8Error(error) ? error : undefined
  const found = known === undefined ? 500 : mapCodeToStatus(known.code, known.retryable)
  const status = conditional && known?.code === 'VERSION_CONFLICT' ? 412 : found
  const told = known === undefined || status === 500 ? internal : known
  return {
    type: 'about:blank',
    title: titles[status] ?? 'Error',
    status,
    detail: told.message,
    code: known?.code ?? 'INTERNAL',
    hint: told.hint ?? null,
    retryable: told.retryable,
    details: told.details,
    request_id: requestId,
  }
}

const internal = httpError('INTERNAL', {
  message: 'The server failed to answer.',
  hint: 'Try again later; if it stays so, tell the operator the request id.',
})

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  424: 'Failed Dependency',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
