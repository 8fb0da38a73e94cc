import type { Clock } from '@igny8/core'
import type { SimulatedTime } from './simulated-time.ts'

/** A process of the host: it can freeze for a while, and it can die in the middle of anything. */
export interface SimulatedProcess {
  readonly name: string
  readonly isAlive: () => boolean
  /** Waits as a frozen process does: what was due meanwhile comes late. */
  readonly clock: Clock
  /** Hands the process what it waits for: never once it is dead, later while it is frozen. */
  resume(callback: () => void): void
  /** The same for a promise. */
  gate<Result>(work: Promise<Result>): Promise<Result>
  pause(ms: number): void
  die(): void
  /** Lets something happen to it at one of its next calls of a port: `1` is the next one. */
  atCall(count: number, happen: () => void): void
  /** It calls a port. */
  called(): void
  /** As the work ends; fails at once where the process dies before that. */
  orDie<Result>(work: Promise<Result>, died: () => Error): Promise<Result>
  /** Resolves when it dies. */
  readonly death: Promise<void>
}

export function createSimulatedProcess(name: string, time: SimulatedTime, froze: () => void): SimulatedProcess {
  let isAlive = true
  let frozenUntil = 0
  let end = (): void => undefined
  let callsLeft = 0
  let atLast = (): void => undefined
  /** A promise of the death would keep every one of them until then. */
  const mourners = new Set<() => void>()
  const death = new Promise<void>((resolve) => {
    end = resolve
  })

  function resume(callback: () => void): void {
    if (!isAlive) return
    if (time.time() < frozenUntil) time.after(frozenUntil - time.time(), () => resume(callback))
    else callback()
  }

  function gate<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      work.then(
        (result) => resume(() => resolve(result)),
        (error: unknown) => resume(() => reject(error)),
      )
    })
  }

  return {
    name,
    isAlive: () => isAlive,
    clock: { now: time.now, wait: (ms, signal) => gate(time.wait(ms, signal)) },
    resume,
    gate,
    pause(ms) {
      froze()
      frozenUntil = Math.max(frozenUntil, time.time() + ms)
    },
    die() {
      isAlive = false
      end()
      for (const mourn of mourners) mourn()
      mourners.clear()
    },
    atCall(count, happen) {
      callsLeft = count
      atLast = happen
    },
    called() {
      if (callsLeft > 0 && --callsLeft === 0) atLast()
    },
    orDie(work, died) {
      return new Promise((resolve, reject) => {
        const mourn = (): void => reject(died())
        if (!isAlive) return mourn()
        mourners.add(mourn)
        work.then(
          (result) => {
            mourners.delete(mourn)
            resolve(result)
          },
          (error: unknown) => {
            mourners.delete(mourn)
            reject(error)
          },
        )
      })
    },
    death,
  }
}
