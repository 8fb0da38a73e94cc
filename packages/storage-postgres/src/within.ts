import type { Clock } from '@igny8/core'

/** What comes within so long, or `undefined`. */
export async function within<Thing>(ms: number, clock: Clock, coming: Promise<Thing>): Promise<Thing | undefined> {
  const giveUp = new AbortController()
  const late = clock.wait(ms, giveUp.signal).then(
    () => undefined,
    () => undefined,
  )
  try {
    return await Promise.race([coming, late])
  } finally {
    giveUp.abort()
  }
}
