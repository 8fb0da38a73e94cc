import { setImmediate } from 'node:timers/promises'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { JsonObject } from '../model/json.ts'
import type { Clock } from '../ports/clock.ts'
import type { JobHandler } from '../ports/job-queue.ts'

/** How long a job may take to end after its signal aborted. */
export const jobAbortedMs = 5_000

/** One attempt of a job. */
export interface AttemptJobInput {
  readonly handler: JobHandler
  readonly data: JsonObject
  readonly attempt: number
  readonly expireMs: number
  readonly clock: Clock
  /** What else than the time limit ends the attempt. */
  readonly signals: readonly AbortSignal[]
  readonly heartbeat: () => Promise<void>
}

/** What became of an attempt. */
export type AttemptOutcome =
  | { readonly succeeded: true }
  /** `deaf`: the handler still runs, although it was told to end. */
  | { readonly succeeded: false; readonly error: unknown; readonly deaf: boolean }

/** A reason of our own, as the default one costs a stack. */
const over = 'over'

/** Runs a handler once, within its time limit. Never rejects. */
export async function attemptJob(input: AttemptJobInput): Promise<AttemptOutcome> {
  const { handler, data, attempt, expireMs, clock, heartbeat } = input
  const expired = new AbortController()
  const ended = new AbortController()
  const signal = AbortSignal.any([...input.signals, expired.signal])

  async function work(): Promise<AttemptOutcome> {
    try {
      await handler(data, { attempt, signal, heartbeat })
      return { succeeded: true }
    } catch (error) {
      return { succeeded: false, error: expired.signal.aborted ? expired.signal.reason : error, deaf: false }
    }
  }

  async function limit(): Promise<AttemptOutcome> {
    await clock.wait(expireMs, ended.signal)
    expired.abort(timeIsOver(expireMs))
    await clock.wait(jobAbortedMs, ended.signal)
    return { succeeded: false, error: expired.signal.reason, deaf: true }
  }

  const worked = work()
  // Most of what a job costs beside its work is the timer of its limit: what ends at once gets none.
  const soon = await Promise.race([worked, setImmediate(undefined)])
  if (soon !== undefined) return soon
  // The limit rejects only when the work has ended first.
  const outcome = await Promise.race([worked, limit().catch(() => worked)])
  ended.abort(over)
  return outcome
}

function timeIsOver(expireMs: number): Igny8Error {
  return new Igny8Error({
    code: 'TIMEOUT',
    message: 'The attempt took longer than its job allows.',
    hint: 'It is tried again. Raise expireMs in the definition of the job if its work needs longer.',
    retryable: true,
    effect: 'unknown',
    details: { expireMs },
  })
}
