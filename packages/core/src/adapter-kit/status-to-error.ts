import { type Effect, Igny8Error } from '../errors/igny8-error.ts'
import type { HttpResponse } from '../ports/http-client.ts'
import { parseRetryAfter } from './retry-after.ts'

/** What a refusal is made of when nothing more is known than its status. */
export function mapStatusToError(
  response: Pick<HttpResponse, 'status' | 'headers' | 'url'>,
  options: { readonly now: Date; readonly safe: boolean; readonly message?: string },
): Igny8Error {
  const { status } = response
  const host = URL.parse(response.url)?.host ?? 'The site'
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), options.now)
  const known = describe(status)
  const effect: Effect = !options.safe && status >= 500 ? 'unknown' : 'none'
  return new Igny8Error({
    code: known.code,
    message: options.message ?? `${host} answered ${status}.`,
    hint: known.hint,
    retryable: known.retryable,
    effect,
    details: { status },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

function describe(status: number) {
  if (status === 401)
    return {
      code: 'AUTH_FAILED',
      hint: 'Check the credentials, and make new ones if they were revoked.',
      retryable: false,
    }
  if (status === 403)
    return {
      code: 'PERMISSION_DENIED',
      hint: 'Give the user more rights, or check plugins that block the API.',
      retryable: false,
    }
  if (status === 404 || status === 410)
    return { code: 'REMOTE_NOT_FOUND', hint: 'Check that it still exists on the site.', retryable: false }
  if (status === 429)
    return { code: 'RATE_LIMITED', hint: 'Wait as long as the site asks, then try again.', retryable: true }
  if (status === 408 || status >= 500)
    return {
      code: 'REMOTE_FAILED',
      hint: 'Try again later; if it stays so, look at the error log of the site.',
      retryable: true,
    }
  return { code: 'REMOTE_REJECTED', hint: 'Correct what the message names and try again.', retryable: false }
}
