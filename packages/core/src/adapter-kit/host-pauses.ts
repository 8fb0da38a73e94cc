import { Igny8Error } from '../errors/igny8-error.ts'
import type { Clock } from '../ports/clock.ts'

/** Longer pauses are not waited for: the error or answer carries them. */
export const longestWaitMs = 60_000
/** A host that asks for more is asked again after a day: nonsense in one answer must not lock a site out for good. */
const longestPauseMs = 24 * 60 * 60 * 1_000

/** What hosts asked for by Retry-After. It holds for every request to the host, not only for the one that was answered with it. */
export interface HostPauses {
  /** Never shortens a pause. */
  pause(host: string, ms: number): void
  /** Waits until the host may be asked. Throws `RATE_LIMITED` at once where that is more than 60 s away, and the signal's reason. */
  pass(host: string, signal: AbortSignal): Promise<void>
}

export function createHostPauses(clock: Clock): HostPauses {
  const ends = new Map<string, number>()

  function leftMs(host: string): number {
    return (ends.get(host) ?? 0) - clock.now().getTime()
  }

  return {
    pause(host, ms) {
      for (const known of ends.keys()) if (leftMs(known) <= 0) ends.delete(known)
      if (ms > Math.max(0, leftMs(host))) ends.set(host, clock.now().getTime() + Math.min(ms, longestPauseMs))
    },
    async pass(host, signal) {
      signal.throwIfAborted()
      // In a loop: while one waits, an answer to a request that was out already may prolong the pause.
      for (let ms = leftMs(host); ms > 0; ms = leftMs(host)) {
        if (ms > longestWaitMs) throw paused(host, ms)
        await waitOrAbort(clock, ms, signal)
      }
    },
  }
}

/** Waits; throws the signal's reason when it aborts, so that the caller can tell an ended wait from a failed request. */
export async function waitOrAbort(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await clock.wait(ms, signal).catch((error: unknown) => {
    signal.throwIfAborted()
    throw error
  })
}

function paused(host: string, ms: number): Igny8Error {
  return new Igny8Error({
    code: 'RATE_LIMITED',
    message: `${host} asked for a pause that has not passed yet.`,
    hint: `Try again in ${Math.ceil(ms / 1_000)} seconds.`,
    retryable: true,
    retryAfterMs: ms,
    details: { host },
  })
}
