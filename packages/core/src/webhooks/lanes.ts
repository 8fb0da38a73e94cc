/** Work by keys: so much of one at once, and the rest of it waits in its own line, while others pass. */
export interface Lanes {
  /** Runs the work when its lane is free, in the order of the calls; what it returns or throws is handed on. */
  run<Result>(key: string, work: () => Promise<Result>): Promise<Result>
  /** Keys that have work. */
  busy(): number
}

interface Lane {
  running: number
  readonly waiting: (() => void)[]
}

/**
 * At most `width` of a key run at once, and no more of it begin in one turn of the event loop: work that never waits for anything else would take the whole turn
 * otherwise, however narrow its lane. Whoever lets work in bounds how much of it waits.
 */
export function createLanes(width: number): Lanes {
  const lanes = new Map<string, Lane>()
  let ended: (readonly [key: string, lane: Lane])[] = []

  function end(key: string, lane: Lane): void {
    if (ended.push([key, lane]) === 1) setImmediate(free)
  }

  function free(): void {
    const all = ended
    ended = []
    for (const [key, lane] of all) {
      const next = lane.waiting.shift()
      if (next !== undefined) next()
      else if (--lane.running === 0) lanes.delete(key)
    }
  }

  return {
    async run(key, work) {
      const lane = lanes.get(key) ?? { running: 0, waiting: [] }
      if (lane.running === 0) lanes.set(key, lane)
      if (lane.running < width) lane.running++
      else await new Promise<void>((resolve) => lane.waiting.push(resolve))
      try {
        return await work()
      } finally {
        end(key, lane)
      }
    },
    busy: () => lanes.size,
  }
}
