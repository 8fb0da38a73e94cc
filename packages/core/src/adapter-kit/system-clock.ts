import { Igny8Error } from '../errors/igny8-error.ts'
import type { Clock } from '../ports/clock.ts'

/** The machine's clock. */
export function createSystemClock(): Clock {
  return {
    now: () => new Date(),
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer)
          reject(cancelled())
        }
        const timer = setTimeout(() => {
          signal?.removeEventListener('abort', end)
          resolve()
        }, ms)
        if (signal?.aborted) end()
        else signal?.addEventListener('abort', end, { once: true })
      }),
  }
}

function cancelled(): Igny8Error {
  return new Igny8Error({
    code: 'CANCELLED',
    message: 'The wait was cancelled.',
    hint: 'Nothing to do.',
    retryable: true,
  })
}
