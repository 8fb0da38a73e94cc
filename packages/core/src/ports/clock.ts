/** Time, injected so that tests and the simulator own it. */
export interface Clock {
  now(): Date
  /** Resolves after `ms`; rejects with `CANCELLED` as soon as `signal` aborts. `0` gives way to what else is ready to be done. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
}
