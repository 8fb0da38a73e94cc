import { isIgny8Error } from '@igny8/core'
import { type PlainAnswer, toResponse } from './plain-answer.ts'
import { describeProblem } from './problem.ts'

/** What an answer says besides the failure itself. */
export interface AboutProblem {
  readonly requestId: string
  readonly isConditional?: boolean
  /** @default what the error says */
  readonly retryAfterMs?: number | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** A failure as an answer of RFC 9457. */
export function answerProblem(error: unknown, about: AboutProblem): Response {
  return toResponse(writeProblem(error, about))
}

/** The same in one piece. */
export function writeProblem(error: unknown, about: AboutProblem): PlainAnswer {
  const problem = describeProblem(error, about.requestId, about.isConditional)
  const retryAfterMs = about.retryAfterMs ?? (isIgny8Error(error) ? error.retryAfterMs : undefined)
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', ...about.headers }
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer'
  if (problem.status === 429 || (problem.status === 503 && retryAfterMs !== undefined))
    headers['retry-after'] = String(Math.max(1, Math.ceil((retryAfterMs ?? defaultRetryMs) / 1_000)))
  return { status: problem.status, headers, body: JSON.stringify(problem) }
}

/** Where the other side names no time. */
const defaultRetryMs = 60_000
