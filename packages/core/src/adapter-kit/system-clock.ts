import { Igny8Error } from '../errors/igny8-error.ts'
import type { Clock } from '../ports/clock.ts'

/** A timer that is set for longer fires at once. */
const longestTimerMs = 2 ** 31 - 1

/** The machine's clock. */
export function createSystemClock(): Clock {
  return {
    now: () => new Date(),
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(cancelled(signal))
        if (ms <= 0) return void setImmediate(resolve)
        let timer: NodeJS.Timeout
        const end = () => {
          clearTimeout(timer)
          reject(cancelled(signal))
        }
        const waitOn = (leftMs: number) => {
          const partMs = Math.min(leftMs, longestTimerMs)
          timer = setTimeout(() => {
            if (leftMs > partMs) return waitOn(leftMs - partMs)
            signal?.removeEventListener('abort', end)
            resolve()
          }, partMs)
        }
        signal?.addEventListener('abort', end, { once: true })
        waitOn(ms)
      }),
  }
}

function cancelled(signal: AbortSignal | undefined): Igny8Error {
  return new Igny8Error({
    code: 'CANCELLED',
    message: 'The wait was cancelled.',
    hint: 'Nothing to do.',
    retryable: true,
    cause: signal?.reason,
  })
}
