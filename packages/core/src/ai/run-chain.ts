import { Igny8Error } from '../errors/igny8-error.ts'
import type { AiModel } from '../model/ai.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AiCall, AiMetering, AiProvider } from '../ports/ai-provider.ts'
import type { AiParts } from './ai-parts.ts'
import type { AiCost, CostUsage } from './calculate-cost.ts'
import type { Deadline } from './deadline.ts'
import { describeCallFailure } from './describe-call-failure.ts'
import type { EffectiveSettings } from './effective-settings.ts'
import { type CostLimits, type ReservedUsage, reserveUsage } from './reserve-usage.ts'

/** A model, and the provider that has it. */
export interface Candidate {
  readonly model: AiModel
  readonly provider: AiProvider
}

/** A model that was tried without success. */
export interface FailedAttempt {
  readonly model: string
  readonly provider: string
  readonly code: string
  readonly message: string
}

/** What a provider gives: pieces of an answer, then the whole. */
export type ChainPart<Result> =
  | { readonly kind: 'delta'; readonly text: string }
  | { readonly kind: 'end'; readonly result: Result }

export interface ChainInput<Result extends AiMetering> {
  readonly candidates: readonly Candidate[]
  readonly settings: EffectiveSettings
  readonly deadline: Deadline
  readonly limits: CostLimits
  /** The most that the call can use. Throws where the model certainly cannot take it. */
  upperUsage(candidate: Candidate): CostUsage & { readonly units: Readonly<Record<string, number>> }
  attempt(candidate: Candidate, call: AiCall): AsyncIterable<ChainPart<Result>>
}

export interface ChainResult<Result> {
  readonly result: Result
  readonly candidate: Candidate
  readonly usageId: string
  readonly cost: AiCost
  readonly failedAttempts: readonly FailedAttempt[]
}

const attemptsPerModel = 3

/** A vendor that asks for a longer pause is left for the next one. */
const longestPauseMs = 30_000

/** Another vendor would be asked for what this one refused on purpose, or what the caller no longer wants. */
const finalCodes: ReadonlySet<string> = new Set(['CANCELLED', 'CONTENT_REFUSED', 'BUDGET_EXCEEDED', 'COST_UNKNOWN'])

/**
 * Makes a call of the first model that can do it, and passes on the pieces of its answer. Repeats and goes on to the next model only while the vendor
 * certainly did nothing (`effect: 'none'`) and nothing was passed on. Usage is reserved before and ended in any case, also when the reader stops.
 */
export async function* runChain<Result extends AiMetering>(
  context: AccountContext,
  parts: AiParts,
  input: ChainInput<Result>,
): AsyncGenerator<string, ChainResult<Result>> {
  const failedAttempts: FailedAttempt[] = []
  let last: Igny8Error | undefined
  for (const candidate of input.candidates) {
    try {
      return { ...(yield* runCandidate(context, parts, input, candidate)), failedAttempts }
    } catch (error) {
      last = describeCallFailure(error)
      if (last.effect !== 'none' || finalCodes.has(last.code)) throw last
      const { model } = candidate
      failedAttempts.push({ model: model.id, provider: model.provider, code: last.code, message: last.message })
      context.logger.warn('A model could not be used; the next one is tried, if there is one.', {
        model: model.id,
        provider: model.provider,
        code: last.code,
      })
    }
  }
  throw withAttempts(last, failedAttempts)
}

async function* runCandidate<Result extends AiMetering>(
  context: AccountContext,
  parts: AiParts,
  input: ChainInput<Result>,
  candidate: Candidate,
): AsyncGenerator<string, Omit<ChainResult<Result>, 'failedAttempts'>> {
  const { deadline, limits, settings } = input
  const { model } = candidate
  const upperUsage = input.upperUsage(candidate)
  const { apiKey } = await settings.openKey(model.provider)
  if (deadline.signal.aborted) throw withoutEffect(deadline.signal.reason)
  const usage = await reserveUsage(context, parts, { model, upperUsage, budgets: settings, limits })
  for (let attempt = 1; ; attempt += 1) {
    const call = { apiKey, http: context.http, signal: deadline.signal, timeoutMs: deadline.remainingMs() }
    try {
      const result = yield* passOn(input, candidate, call, usage)
      return { result, candidate, usageId: usage.usageId, cost: await usage.settle(result) }
    } catch (thrown) {
      const error = describeCallFailure(thrown)
      if (error.effect !== 'none') {
        await usage.settleUpper(`The call failed, and the vendor may have billed it (${error.code}).`)
        throw error
      }
      const pauseMs = pauseBefore(error, attempt, deadline, parts)
      if (pauseMs === undefined) {
        await usage.release()
        throw error
      }
      await context.clock.wait(pauseMs, deadline.signal).catch(async () => {
        await usage.release()
        throw withoutEffect(deadline.signal.reason)
      })
    }
  }
}

/** One attempt. A reader who stops leaves through `finally`, without an error. */
async function* passOn<Result extends AiMetering>(
  { attempt, deadline }: ChainInput<Result>,
  candidate: Candidate,
  call: AiCall,
  usage: ReservedUsage,
): AsyncGenerator<string, Result> {
  const iterator = attempt(candidate, call)[Symbol.asyncIterator]()
  let isPassedOn = false
  let isLeft = true
  try {
    for (;;) {
      const next = await deadline.during(iterator.next())
      if (next.done) throw brokenOff()
      if (next.value.kind === 'end') {
        isLeft = false
        return next.value.result
      }
      if (next.value.text === '') continue
      isPassedOn = true
      yield next.value.text
    }
  } catch (error) {
    isLeft = false
    // What was passed on was billed, whatever the provider says.
    throw isPassedOn ? withEffect(describeCallFailure(error)) : error
  } finally {
    void Promise.resolve(iterator.return?.()).catch(() => undefined)
    if (isLeft) await usage.settleUpper('The reader stopped half-way.')
  }
}

function pauseBefore(error: Igny8Error, attempt: number, deadline: Deadline, parts: AiParts): number | undefined {
  if (!error.retryable || finalCodes.has(error.code) || attempt >= attemptsPerModel) return undefined
  const pauseMs = error.retryAfterMs ?? parts.pauseMs(attempt)
  return pauseMs <= longestPauseMs && pauseMs < deadline.remainingMs() ? pauseMs : undefined
}

function brokenOff(): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_MALFORMED',
    message: 'The answer of the AI provider broke off before its end.',
    hint: 'Try again; it may be billed again.',
    retryable: true,
    effect: 'unknown',
  })
}

function withEffect(error: Igny8Error): Igny8Error {
  return error.effect === 'unknown' ? error : copyOf(error, { effect: 'unknown' })
}

function withoutEffect(reason: unknown): Igny8Error {
  return copyOf(describeCallFailure(reason), { effect: 'none' })
}

function withAttempts(last: Igny8Error | undefined, failed: readonly FailedAttempt[]): Igny8Error {
  if (last === undefined) throw new TypeError('A chain has at least one model.')
  if (failed.length < 2) return last
  return copyOf(last, {
    details: { ...last.details, tried: failed.map(({ model, code }) => `${model}: ${code}`).join(', ') },
  })
}

function copyOf(error: Igny8Error, change: Partial<Pick<Igny8Error, 'effect' | 'details'>>): Igny8Error {
  // The two that are no members of their own of an error.
  const { message, cause } = error
  return new Igny8Error({ ...error, message, cause, ...change })
}
