import { isIgny8Error } from '@igny8/core'
import { describeProblem } from './problem.ts'

/** A failure as an answer of RFC 9457. */
export function answerProblem(
  error: unknown,
  about: {
    readonly requestId: string
    readonly isConditional?: boolean
    /** @default what the error says */
    readonly retryAfterMs?: number | undefined
    readonly headers?: Readonly<Record<string, string>>
  },
): Response {
  const problem = describeProblem(error, about.requestId, about.isConditional)
  const retryAfterMs = about.retryAfterMs ?? (isIgny8Error(error) ? error.retryAfterMs : undefined)
  const headers = new Headers({ 'content-type': 'application/problem+json', ...about.headers })
  if (problem.status === 401) headers.set('www-authenticate', 'Bearer')
  if (problem.status === 429 || (problem.status === 503 && retryAfterMs !== undefined))
    headers.set('retry-after', String(Math.max(1, Math.ceil((retryAfterMs ?? defaultRetryMs) / 1_000))))
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}

/** Where the other side names no time. */
const defaultRetryMs = 60_000
