import { type Clock, Igny8Error } from '@igny8/core'
import { within } from './within.ts'

/** Runs work when its turn has come. Throws `STORAGE_FAILED` where that takes longer than `patienceMs`: then nothing was run. */
export type TakeTurn = <Result>(lock: bigint, patienceMs: number, work: () => Promise<Result>) => Promise<Result>

/**
 * Lets what needs one lock pass one after the other, in the order in which it came. What waits for a lock of the database holds a connection while it waits: a busy
 * account would hold them all, and every other account would wait with it.
 */
export function createTurns(clock: Clock): TakeTurn {
  const lastOf = new Map<bigint, Promise<void>>()
  return async (lock, patienceMs, work) => {
    const before = lastOf.get(lock)
    const { promise: done, resolve: end } = Promise.withResolvers<void>()
    const last = before === undefined ? done : before.then(() => done)
    lastOf.set(lock, last)
    void last.then(() => {
      if (lastOf.get(lock) === last) lastOf.delete(lock)
    })
    try {
      const hasCome =
        before === undefined ||
        (await within(
          patienceMs,
          clock,
          before.then(() => true),
        ))
      if (hasCome === undefined) throw tooLate(patienceMs)
      return await work()
    } finally {
      end()
    }
  }
}

function tooLate(patienceMs: number): Igny8Error {
  return new Igny8Error({
    code: 'STORAGE_FAILED',
    message: `Other transactions of the account took longer than ${patienceMs} ms.`,
    hint: 'Try again. If it stays so: look for work in transactions that waits for something else than the storage.',
    retryable: true,
  })
}
