import type { JobHandler, JobQueue } from '@igny8/core'
import type { Dice } from './create-dice.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { SimulatedTime } from './simulated-time.ts'

/** Jobs of one process, gone with it. Schedules do nothing: the sweep is an operation of the seed. */
export function createSimulatedJobs(process: SimulatedProcess, time: SimulatedTime, dice: Dice): JobQueue {
  const handlers = new Map<string, JobHandler>()
  const waiting = new Set<string>()
  const signal = new AbortController().signal
  return {
    capabilities: { durable: false, transactional: false },
    define: () => undefined,
    async enqueue({ name, key = '', startAfter, data }) {
      const id = `${name} ${key}`
      if (waiting.has(id)) return false
      waiting.add(id)
      const dueMs = Math.max(0, (startAfter?.getTime() ?? 0) - time.time())
      time.after(dueMs + dice.between(1, 3_000), () =>
        process.resume(() => {
          waiting.delete(id)
          // A job that fails is tried again by the sweep.
          handlers
            .get(name)?.(data, { attempt: 1, signal, heartbeat: async () => undefined })
            .catch(() => undefined)
        }),
      )
      return true
    },
    async work(name, handler) {
      handlers.set(name, handler)
    },
    schedule: async () => undefined,
    unschedule: async () => undefined,
    listDead: async () => ({ items: [], nextCursor: null }),
    redrive: async () => 0,
    counts: async () => new Map(),
    stop: async () => undefined,
  }
}
