import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { type Dispatcher, Pool } from 'undici'

/** One request to send. */
export interface Shot {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What became of the requests, by their numbers. Times count from when a request was due, so that a server that stalls is not spared the wait. */
export interface Hits {
  readonly statuses: Uint16Array
  readonly ms: Float64Array
  /** How much of it passed before the request was given to its connections: that is ours, not the server's. */
  readonly lateMs: Float64Array
  /** When the first was due, by the clock of the machine. */
  readonly startedMs: number
  /** The 99th percentile of how long this process kept its timers waiting. */
  readonly loopDelayMs: number
}

/** Sends so many requests a second to one address, whether answers come or not. */
export async function fireOpenLoop(url: URL, perSecond: number, shots: readonly Shot[]): Promise<Hits> {
  const pool = new Pool(url.origin, { connections: 256, pipelining: 1 })
  const hits = {
    statuses: new Uint16Array(shots.length),
    ms: new Float64Array(shots.length),
    lateMs: new Float64Array(shots.length),
  }
  const loopDelay = monitorEventLoopDelay({ resolution: 1 })
  loopDelay.enable()
  const { promise: allEnded, resolve: endAll } = Promise.withResolvers<void>()
  let ended = 0
  const startedMs = performance.now()

  function send(number: number): void {
    const dueMs = startedMs + (number / perSecond) * 1_000
    const end = (status: number) => {
      hits.statuses[number] = status
      hits.ms[number] = performance.now() - dueMs
      if (++ended === shots.length) endAll()
    }
    const { headers, body } = shots[number] as Shot
    hits.lateMs[number] = performance.now() - dueMs
    pool.dispatch({ path: url.pathname, method: 'POST', headers, body }, endOf(end))
  }

  for (let sent = 0; sent < shots.length; await wait(1)) {
    const due = Math.min(shots.length, Math.floor(((performance.now() - startedMs) / 1_000) * perSecond))
    while (sent < due) send(sent++)
  }
  await allEnded
  loopDelay.disable()
  await pool.destroy()
  return { ...hits, startedMs: performance.timeOrigin + startedMs, loopDelayMs: loopDelay.percentile(99) / 1e6 }
}

/** Waits for the end of the answer; what fails has the status 0. */
function endOf(end: (status: number) => void): Dispatcher.DispatchHandler {
  let status = 0
  return {
    onRequestStart() {},
    onResponseStart(_controller, statusCode) {
      status = statusCode
    },
    onResponseData() {},
    onResponseEnd: () => end(status),
    onResponseError: () => end(0),
  }
}
