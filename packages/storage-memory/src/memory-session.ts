import { AsyncLocalStorage } from 'node:async_hooks'
import { Igny8Error } from '@igny8/core'
import type { UndoLog } from './undo-log.ts'

/**
 * Runs one store call: all of it, or nothing where it throws. What goes in and what comes out is copied, at the moment of the call and of the answer.
 */
export type RunCall = <Input extends readonly unknown[], Result>(
  method: (...input: Input) => Result,
  ...input: Input
) => Promise<Result>

/** Who may touch the tables, and when. */
export interface MemorySession {
  migrate(): void
  /** A call by itself: waits for the transactions before it. */
  readonly call: RunCall
  /** Runs `work` alone; `call` in it does not wait. */
  transaction<Result>(work: (call: RunCall) => Promise<Result>): Promise<Result>
}

/** A store as it is written: without waiting, so that no call can see another one half done. */
export type Synchronous<Store> = {
  readonly [Method in keyof Store]: Store[Method] extends (...input: infer Input) => Promise<infer Result>
    ? (...input: Input) => Result
    : never
}

/**
 * Serialises everything that touches the tables: calls run whole, transactions run one after the other, and neither sees the other
 * half done. What comes in and what goes out passes through `copy`.
 */
export function createMemorySession(undoLog: UndoLog, copy: <Value>(value: Value) => Value): MemorySession {
  const running = new AsyncLocalStorage<{ active: boolean }>()
  let isMigrated = false
  /** Settles with the newest transaction that was asked for: whoever comes later waits for it. */
  let newest: Promise<void> = Promise.resolve()

  function checkOutside(): void {
    if (!isMigrated) {
      throw new Igny8Error({
        code: 'STORAGE_NOT_MIGRATED',
        message: 'The storage is not ready yet.',
        hint: 'Call `await igny8.start()`, or `await storage.migrate()`, before anything else.',
      })
    }
    if (running.getStore()?.active) {
      throw new Igny8Error({
        code: 'STORAGE_FAILED',
        message: 'The storage was called from inside its own transaction, which would wait for itself forever.',
        hint: 'Inside `transaction(async (stores) => …)`, call `stores` only.',
      })
    }
  }

  function runWhole<Input extends readonly unknown[], Result>(
    method: (...input: Input) => Result,
    input: Input,
  ): Result {
    const mark = undoLog.mark()
    try {
      return copy(method(...input))
    } catch (error) {
      undoLog.rollBackTo(mark)
      throw error
    }
  }

  return {
    migrate() {
      isMigrated = true
    },
    async call(method, ...input) {
      const copied = copy(input)
      checkOutside()
      await newest
      const result = runWhole(method, copied)
      undoLog.clear()
      return result
    },
    async transaction(work) {
      checkOutside()
      const before = newest
      let end = (): void => undefined
      newest = new Promise((resolve) => {
        end = resolve
      })
      await before
      const state = { active: true }
      try {
        return await running.run(state, () =>
          work(async (method, ...input) => {
            if (!state.active) throw afterTheEnd()
            return runWhole(method, copy(input))
          }),
        )
      } catch (error) {
        undoLog.rollBackTo(0)
        throw error
      } finally {
        state.active = false
        undoLog.clear()
        end()
      }
    },
  }
}

/**
 * Makes a store of its synchronous form.
 *
 * A method is made when it is asked for: a transaction uses few of them, and an object of all of them would outlive it until the next full collection of garbage.
 */
export function liftStore<Store extends object>(store: Synchronous<Store>, call: RunCall): Store {
  return new Proxy(store, {
    get(methods, name) {
      const method = Reflect.get(methods, name) as ((...input: unknown[]) => unknown) | undefined
      return typeof method === 'function' ? (...input: unknown[]) => call(method, ...input) : method
    },
  }) as unknown as Store
}

function afterTheEnd(): Igny8Error {
  return new Igny8Error({
    code: 'STORAGE_FAILED',
    message: 'The stores of a transaction were used after it ended.',
    hint: 'Await everything inside `transaction(async (stores) => …)`, and never keep `stores`.',
  })
}
