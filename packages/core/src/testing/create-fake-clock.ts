import { setImmediate } from 'node:timers/promises'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { Clock } from '../ports/clock.ts'

/** A clock that stands still until it is told to move. */
export interface FakeClock extends Clock {
  /**
   * Moves on by `ms`. Waits that end on the way resolve in order, each at its own instant, and what follows from one (a next wait,
   * for one) happens before the next.
   */
  advance(ms: number): Promise<void>
  /** Waits that have not ended. */
  pending(): number
}

/** How a fake clock starts and moves. */
export interface FakeClockOptions {
  /** @default 2026-11-02T09:00:00.000Z, a Monday */
  readonly start?: Date | string | undefined
  /**
   * Moves to the end of the earliest wait as soon as the process has nothing else to do, so that nobody needs to call `advance`.
   * Not for code that waits in an endless loop, nor beside real network traffic. @default false
   */
  readonly autoAdvance?: boolean | undefined
}

interface Waiter {
  readonly due: number
  readonly resolve: () => void
}

/** Makes a clock for tests. */
export function createFakeClock(options: FakeClockOptions = {}): FakeClock {
  let time = new Date(options.start ?? '2026-11-02T09:00:00.000Z').getTime()
  const waiters = new Set<Waiter>()

  function earliest(): Waiter | undefined {
    return [...waiters].sort((left, right) => left.due - right.due)[0]
  }

  function finish(waiter: Waiter): void {
    waiters.delete(waiter)
    time = Math.max(time, waiter.due)
    waiter.resolve()
  }

  async function finishEarliestWhenIdle(): Promise<void> {
    await setImmediate()
    const waiter = earliest()
    if (waiter !== undefined) finish(waiter)
  }

  return {
    now: () => new Date(time),
    wait(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(cancelled(signal))
        const abort = (): void => {
          waiters.delete(waiter)
          reject(cancelled(signal))
        }
        const waiter: Waiter = {
          due: time + Math.max(0, ms),
          resolve() {
            signal?.removeEventListener('abort', abort)
            resolve()
          },
        }
        signal?.addEventListener('abort', abort, { once: true })
        if (ms <= 0) return waiter.resolve()
        waiters.add(waiter)
        if (options.autoAdvance) void finishEarliestWhenIdle()
      })
    },
    async advance(ms) {
      const end = time + ms
      await setImmediate()
      for (let next = earliest(); next !== undefined && next.due <= end; next = earliest()) {
        finish(next)
        await setImmediate()
      }
      time = Math.max(time, end)
    },
    pending: () => waiters.size,
  }
}

function cancelled(signal: AbortSignal | undefined): Igny8Error {
  return new Igny8Error({ code: 'CANCELLED', message: 'The wait was cancelled.', cause: signal?.reason })
}
