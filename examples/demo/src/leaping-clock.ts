import type { Clock } from '@igny8/core'
import { createSystemClock } from '@igny8/core/adapter-kit'

/** The machine's clock, which can leap ahead. */
export function createLeapingClock(): Clock & { advanceTo(instant: Date): void } {
  let aheadMs = 0
  const clock = {
    ...createSystemClock(),
    now: () => new Date(Date.now() + aheadMs),
    advanceTo(instant: Date) {
      aheadMs = Math.max(aheadMs, instant.getTime() - Date.now())
    },
  }
  return clock
}
