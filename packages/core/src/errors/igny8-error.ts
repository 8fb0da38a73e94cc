import type { ErrorCode } from './error-codes.ts'

const marker = Symbol.for('igny8.error')

/** Values that an error, an event or a log line may carry. No objects, so that nothing is passed along by accident. */
export type Primitive = string | number | boolean | null

/**
 * What a failed call has done to the other side: `none` is proven to have changed nothing and may be repeated;
 * after `unknown` only a look-up tells.
 */
export type Effect = 'none' | 'unknown'

/** What an `Igny8Error` is made of. */
export interface Igny8ErrorInput {
  readonly code: ErrorCode
  /** What happened, for a person. */
  readonly message: string
  /** The fix that a person can carry out. */
  readonly hint?: string | undefined
  /** Whether the same call may succeed later without anybody changing anything. @default false */
  readonly retryable?: boolean | undefined
  /** The other side asked for this pause before the next attempt. */
  readonly retryAfterMs?: number | undefined
  /** @default 'none' */
  readonly effect?: Effect | undefined
  readonly details?: Readonly<Record<string, Primitive>> | undefined
  readonly cause?: unknown
}

/** The one error class of the SDK. Recognise it by `isIgny8Error`, which sees through two copies of core. */
export class Igny8Error extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly effect: Effect
  readonly details: Readonly<Record<string, Primitive>>

  constructor(input: Igny8ErrorInput) {
    super(input.message, input.cause === undefined ? undefined : { cause: input.cause })
    this.name = 'Igny8Error'
    this.code = input.code
    this.hint = input.hint
    this.retryable = input.retryable ?? false
    this.retryAfterMs = input.retryAfterMs
    this.effect = input.effect ?? 'none'
    this.details = Object.freeze({ ...input.details })
    Object.defineProperty(this, marker, { value: true })
  }

  /** What may leave the process: never the cause, never the stack. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, hint, retryable, retryAfterMs, effect, details } = this
    return { name, code, message, hint, retryable, retryAfterMs, effect, details }
  }
}

/** Whether `value` is an `Igny8Error`, of this copy of core or of another. */
export function isIgny8Error(value: unknown): value is Igny8Error {
  return value instanceof Error && (value as unknown as Record<symbol, unknown>)[marker] === true
}
