import { setTimeout as delay } from 'node:timers/promises'
import type { GuardedProcess } from './process-guard.ts'

/** Polls until `isReady`, or throws once one of the processes has ended, the time is up or the signal aborts. */
export async function waitUntil(input: {
  what: string
  isReady: () => Promise<boolean>
  processes: readonly GuardedProcess[]
  timeoutMs: number
  signal?: AbortSignal | undefined
}): Promise<void> {
  const giveUpAt = performance.now() + input.timeoutMs
  while (!(await input.isReady())) {
    input.signal?.throwIfAborted()
    for (const watched of input.processes) {
      const failure = watched.failure()
      if (failure !== undefined) throw new Error(failure)
    }
    if (performance.now() >= giveUpAt) throw new Error(`${input.what} was not ready after ${input.timeoutMs} ms.`)
    await delay(25)
  }
}
