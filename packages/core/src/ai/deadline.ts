import { setImmediate } from 'node:timers/promises'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { Clock } from '../ports/clock.ts'

/** The end of a call: when its time is up, or when the caller gives up. */
export interface Deadline {
  readonly signal: AbortSignal
  remainingMs(): number
  /**
   * Waits for `work`, but not beyond the end: then throws `TIMEOUT` or `CANCELLED` with `effect: 'unknown'`, unless the work itself says at
   * once, on hearing the signal, how it ended.
   */
  during<Result>(work: Promise<Result>): Promise<Result>
  /** Lets go of clock and signal. */
  close(): void
}

/** Starts the time now. */
export function openDeadline(
  clock: Clock,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Deadline {
  const end = new AbortController()
  const closed = new AbortController()
  const endsAtMs = clock.now().getTime() + timeoutMs
  const cancel = () => end.abort(cancelled())
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  clock.wait(timeoutMs, closed.signal).then(
    () => end.abort(timedOut(timeoutMs)),
    () => undefined,
  )

  return {
    signal: end.signal,
    remainingMs: () => Math.max(0, endsAtMs - clock.now().getTime()),
    async during(work) {
      const over = Promise.withResolvers<never>()
      const give = () => void setImmediate().then(() => over.reject(end.signal.reason))
      if (end.signal.aborted) give()
      end.signal.addEventListener('abort', give, { once: true })
      try {
        return await Promise.race([work, over.promise])
      } finally {
        end.signal.removeEventListener('abort', give)
        over.promise.catch(() => undefined)
      }
    },
    close() {
      signal?.removeEventListener('abort', cancel)
      closed.abort()
    },
  }
}

function cancelled(): Igny8Error {
  return new Igny8Error({
    code: 'CANCELLED',
    message: 'The call was cancelled.',
    hint: 'Start again when it suits.',
    retryable: true,
    effect: 'unknown',
  })
}

function timedOut(timeoutMs: number): Igny8Error {
  return new Igny8Error({
    code: 'TIMEOUT',
    message: `The AI provider did not answer completely within ${timeoutMs} ms.`,
    hint: 'Give it longer by timeoutMs, or ask for less.',
    retryable: true,
    effect: 'unknown',
    details: { timeoutMs },
  })
}
