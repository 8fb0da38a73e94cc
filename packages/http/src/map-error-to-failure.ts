import type { Igny8Error } from '@igny8/core'

/** A failure of one of several. */
export function mapErrorToFailure({ code, message, hint, retryable }: Igny8Error) {
  return { code, message, hint: hint ?? null, retryable }
}
