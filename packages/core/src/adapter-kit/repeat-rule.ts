import type { Igny8Error } from '../errors/igny8-error.ts'
import type { HttpRequest, HttpResponse } from '../ports/http-client.ts'
import type { RandomSource } from '../ports/random.ts'
import { longestWaitMs } from './host-pauses.ts'
import { parseRetryAfter } from './retry-after.ts'
import { retryDelayMs } from './retry-delay.ts'

const statusesToRepeat = new Set([408, 429, 500, 502, 503, 504])

/** How an attempt ended: with one of the two. */
export interface AttemptOutcome {
  readonly response?: HttpResponse
  readonly error?: Igny8Error
}

/** Whether repeating the request changes nothing more. */
export function isSafe({ safe, method }: Pick<HttpRequest, 'safe' | 'method'>): boolean {
  return safe ?? (method === 'GET' || method === 'HEAD')
}

/** The pause before the next attempt, in milliseconds; `undefined` where the outcome is final. `attempt` counts from 1. */
export function pauseBeforeRepeat(
  request: Pick<HttpRequest, 'safe' | 'method'>,
  { response, error }: AttemptOutcome,
  circumstances: { readonly attempt: number; readonly now: Date; readonly random: RandomSource },
): number | undefined {
  const { attempt, now, random } = circumstances
  if (error !== undefined) {
    const harmless = isSafe(request) || error.effect === 'none'
    const final = !error.retryable || error.code === 'CANCELLED' || error.retryAfterMs !== undefined
    return harmless && !final ? retryDelayMs(attempt, random) : undefined
  }
  if (response === undefined || !statusesToRepeat.has(response.status)) return undefined
  const asked = parseRetryAfter(response.headers.get('retry-after'), now)
  const refusedUnread = (response.status === 429 || response.status === 503) && asked !== undefined
  if (!isSafe(request) && !refusedUnread) return undefined
  const pauseMs = asked ?? retryDelayMs(attempt, random)
  return pauseMs <= longestWaitMs ? pauseMs : undefined
}
