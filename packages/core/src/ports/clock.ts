/** Time, injected so that tests and the simulator own it. */
export interface Clock {
  now(): Date
  /** Resolves after `ms`; rejects with `CANCELLED` as soon as `signal` aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
}
