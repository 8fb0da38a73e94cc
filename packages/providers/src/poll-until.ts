import type { Clock } from '@igny8/core'
import { Igny8Error, isIgny8Error } from '@igny8/core/adapter-kit'

/** What polling ends with. */
export interface Found<Result> {
  readonly result: Result
}

const endingCodes: ReadonlySet<string> = new Set(['CANCELLED', 'STOPPED'])

export interface PollInput<Result> {
  readonly vendor: string
  readonly clock: Clock
  readonly everyMs: number
  /** When the call as a whole is given up. */
  readonly deadline: Date
  readonly signal?: AbortSignal | undefined
  /** Looks once, within `timeoutMs`; `undefined` where the work goes on. */
  look(timeoutMs: number): Promise<Found<Result> | undefined>
}

/**
 * Looks at work that the vendor has taken until it is done. A look that fails for the moment is followed by another; whatever ends the
 * polling has `effect: 'unknown'`, as the work was begun.
 */
export async function pollUntil<Result>(input: PollInput<Result>): Promise<Result> {
  const { vendor, clock, everyMs, deadline, signal } = input
  let pauseMs = everyMs
  try {
    for (;;) {
      const leftMs = deadline.getTime() - clock.now().getTime()
      if (leftMs <= pauseMs) throw gaveUp(vendor)
      await clock.wait(pauseMs, signal)
      const look = await lookOnce(() => input.look(leftMs - pauseMs))
      if (look.found !== undefined) return look.found.result
      pauseMs = Math.max(everyMs, look.retryAfterMs)
    }
  } catch (error) {
    throw isIgny8Error(error) ? asUnknown(error) : error
  }
}

/** A look, or what its failure asks for where another may succeed. */
async function lookOnce<Result>(look: () => Promise<Found<Result> | undefined>) {
  try {
    return { found: await look(), retryAfterMs: 0 }
  } catch (error) {
    const isPassing = isIgny8Error(error) && error.retryable && !endingCodes.has(error.code)
    if (!isPassing) throw error
    return { found: undefined, retryAfterMs: error.retryAfterMs ?? 0 }
  }
}

/** The same failure of something that was begun before. */
function asUnknown(error: Igny8Error): Igny8Error {
  const { message, hint = 'Start again when it suits.' } = error
  return new Igny8Error({ ...error, message, hint, effect: 'unknown' })
}

function gaveUp(vendor: string): Igny8Error {
  return new Igny8Error({
    code: 'TIMEOUT',
    message: `${vendor} has not finished in time.`,
    hint: 'Give the call more time; the work may still be done, and billed.',
    retryable: true,
    details: { vendor },
  })
}
