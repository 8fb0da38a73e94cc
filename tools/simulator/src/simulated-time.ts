import type { Clock } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'

/** Time that passes only when nothing is left to do at the present instant. */
export interface SimulatedTime extends Clock {
  /** Milliseconds. */
  readonly time: () => number
  /** Calls back after `ms`. */
  after(ms: number, callback: () => void): void
  /** Hears of an abort until what it returns is called, or time ends. */
  listen(signal: AbortSignal | undefined, abort: () => void): () => void
  /** Time ends: nobody listens any more. Node keeps every signal alive that somebody listens to, and with it the world of a process that died. */
  end(): void
  /** Lets time pass until `work` has ended. Throws where nothing is left that could end it, or where it never ends. */
  runUntil<Result>(work: Promise<Result>): Promise<Result>
}

interface Event {
  readonly due: number
  readonly order: number
  callback: (() => void) | null
}

/** Far above what a seed needs; beyond it something goes round in circles. */
const mostSteps = 60_000
/** Steps in one turn of the event loop, whose own work is worth several of them. */
const stepsATurn = 64

export function createSimulatedTime(start: Date): SimulatedTime {
  const heap: Event[] = []
  let now = start.getTime()
  let made = 0
  const listening = new Set<() => void>()

  function listen(signal: AbortSignal | undefined, abort: () => void): () => void {
    if (signal === undefined) return () => undefined
    const leave = (): void => {
      signal.removeEventListener('abort', abort)
      listening.delete(leave)
    }
    signal.addEventListener('abort', abort, { once: true })
    listening.add(leave)
    return leave
  }

  function push(ms: number, callback: () => void): Event {
    const event: Event = { due: now + Math.max(0, ms), order: made++, callback }
    let at = heap.push(event) - 1
    for (let parent = (at - 1) >> 1; at > 0 && isBefore(event, heap[parent]); parent = (at - 1) >> 1) {
      heap[at] = heap[parent] as Event
      at = parent
    }
    heap[at] = event
    return event
  }

  function pop(): Event | undefined {
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || first === last) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++
      if (!isBefore(heap[child], last)) break
      heap[at] = heap[child] as Event
      at = child
    }
    heap[at] = last
    return first
  }

  return {
    time: () => now,
    now: () => new Date(now),
    after: (ms, callback) => void push(ms, callback),
    wait(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(cancelled(signal))
        if (ms <= 0) return resolve()
        const abort = (): void => {
          event.callback = null
          reject(cancelled(signal))
        }
        const event = push(ms, () => {
          leave()
          resolve()
        })
        const leave = listen(signal, abort)
      })
    },
    listen,
    end() {
      for (const leave of [...listening]) leave()
    },
    runUntil(work) {
      let isOver = false
      let steps = 0
      const end = (): void => {
        isOver = true
      }
      work.then(end, end)

      function step(): void {
        if (steps++ > mostSteps) throw new Error('Something goes round in circles.')
        let event = pop()
        while (event !== undefined && event.callback === null) event = pop()
        if (event === undefined) throw new Error('Somebody waits for what nobody will do.')
        now = Math.max(now, event.due)
        event.callback?.()
      }

      return new Promise((resolve, reject) => {
        // All that follows from a step happens in promises, and these are through before the next callback runs.
        function take(): void {
          if (isOver) return
          try {
            step()
          } catch (error) {
            isOver = true
            reject(error)
          }
        }
        function turn(): void {
          if (isOver) return void work.then(resolve, reject)
          for (let left = stepsATurn; left > 0; left--) setImmediate(take)
          setImmediate(turn)
        }
        setImmediate(turn)
      })
    },
  }
}

function isBefore(one: Event | undefined, other: Event | undefined): boolean {
  if (one === undefined || other === undefined) return false
  return one.due < other.due || (one.due === other.due && one.order < other.order)
}

function cancelled(signal: AbortSignal | undefined): Igny8Error {
  return new Igny8Error({ code: 'CANCELLED', message: 'The wait was cancelled.', cause: signal?.reason })
}
