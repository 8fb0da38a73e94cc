import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'

/** Real time plus an offset that grows when it is told to, and when everybody only waits. */
export interface MovableClock extends Clock {
  /** Does the work; only meanwhile time jumps over waits. */
  letPass<Result>(work: () => Promise<Result>): Promise<Result>
  /** By steps: what waits for an instant on the way happens then, and is through before time goes on. */
  moveOn(ms: number): Promise<void>
  /** How far it is ahead of the machine. */
  aheadMs(): number
  /** Back to the machine's time; what waits, waits no more. */
  reset(): void
  /** Deadlines of this process run on this clock from now on, so that one that passes costs no time. Returns how to give them back. */
  takeOverDeadlines(): () => void
  stop(): void
}

interface Waiter {
  readonly due: number
  readonly end: () => void
}

const tickMs = 5
/** So long nothing may happen before time is moved on; less once it is moving. */
const idleTicks = 10
const movingTicks = 3

/**
 * The clock of the SDK and of the fault proxy. `isBusy` says whether work is under way that takes real time: while it is, and shortly after, time passes as it
 * does; otherwise, where it was allowed to, it jumps to the next instant that somebody waits for.
 */
export function createMovableClock(isBusy: () => boolean): MovableClock {
  const waiters = new Set<Waiter>()
  let offsetMs = 0
  let passing = 0
  let ticksLeft = idleTicks
  const now = () => Date.now() + offsetMs

  function endDue(): boolean {
    const due = [...waiters].filter((waiter) => waiter.due <= now()).sort((one, other) => one.due - other.due)
    for (const waiter of due) {
      waiters.delete(waiter)
      waiter.end()
    }
    return due.length > 0
  }

  function earliest(): number {
    return Math.min(...[...waiters].map(({ due }) => due))
  }

  /** What was set free may have to be noticed before it is under way. */
  async function untilIdle(): Promise<void> {
    for (let calm = 0; calm < movingTicks; calm = isBusy() ? 0 : calm + 1) await delay(tickMs)
  }

  function tick(): void {
    if (isBusy()) ticksLeft = idleTicks
    if (endDue() || isBusy() || passing === 0 || waiters.size === 0 || --ticksLeft > 0) return
    offsetMs += Math.max(0, earliest() - now())
    ticksLeft = movingTicks
    endDue()
  }
  const ticking = setInterval(tick, tickMs)

  function wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        waiters.delete(waiter)
        reject(cancelled(signal))
      }
      const waiter: Waiter = {
        due: now() + Math.max(0, ms),
        end() {
          signal?.removeEventListener('abort', abort)
          resolve()
        },
      }
      if (signal?.aborted) return reject(cancelled(signal))
      signal?.addEventListener('abort', abort, { once: true })
      waiters.add(waiter)
    })
  }

  return {
    now: () => new Date(now()),
    wait,
    async letPass(work) {
      passing++
      ticksLeft = idleTicks
      return work().finally(() => passing--)
    },
    async moveOn(ms) {
      const until = now() + ms
      for (let next = earliest(); next < until; next = earliest()) {
        offsetMs += Math.max(0, next - now())
        endDue()
        await untilIdle()
      }
      offsetMs += Math.max(0, until - now())
    },
    aheadMs: () => offsetMs,
    reset() {
      for (const { end } of waiters) end()
      waiters.clear()
      offsetMs = 0
    },
    takeOverDeadlines() {
      const { timeout } = AbortSignal
      AbortSignal.timeout = (ms) => {
        const controller = new AbortController()
        const expire = () => controller.abort(new DOMException('The operation timed out.', 'TimeoutError'))
        void wait(ms).then(expire)
        return controller.signal
      }
      return () => {
        AbortSignal.timeout = timeout
      }
    },
    stop: () => clearInterval(ticking),
  }
}

function cancelled(signal: AbortSignal | undefined): Igny8Error {
  return new Igny8Error({ code: 'CANCELLED', message: 'The wait was cancelled.', cause: signal?.reason })
}
