import { type Effect, Igny8Error, isIgny8Error } from '@igny8/core'

/**
 * What a failure means for the transaction that met it: a `conflict` with others and a lost connection leave nothing behind and may be
 * tried again; a `timeout` too, but later.
 */
export type FailureKind = 'conflict' | 'disconnected' | 'timeout' | 'missing' | 'other'

const conflicts: ReadonlySet<string> = new Set(['40001', '40P01'])
const timeouts: ReadonlySet<string> = new Set(['55P03', '57014', '25P03', '53300', '53400'])
const missing: ReadonlySet<string> = new Set(['42P01', '3F000'])

/** Classes of errors whose messages name things, never data. */
const harmlessClasses: ReadonlySet<string> = new Set(['08', '28', '40', '42', '53', '55', '57', '58'])

export function kindOfFailure(error: unknown): FailureKind {
  const state = sqlStateOf(error)
  if (state === undefined) return isReadTimeout(error) ? 'timeout' : 'disconnected'
  if (conflicts.has(state)) return 'conflict'
  if (timeouts.has(state)) return 'timeout'
  if (missing.has(state)) return 'missing'
  return state.startsWith('08') || state.startsWith('57P') ? 'disconnected' : 'other'
}

/** Five characters where the server answered; `undefined` where the way to it failed. */
function sqlStateOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[\dA-Z]{5}$/.test(code) && code !== 'EPIPE' ? code : undefined
}

const messages: Readonly<Record<FailureKind, string>> = {
  conflict: 'The database refused a transaction that crossed with others, again and again.',
  disconnected: 'The connection to the database failed.',
  timeout: 'The database did not answer in time.',
  missing: 'A table of the schema is missing.',
  other: 'The database refused a statement.',
}

const hints: Readonly<Record<FailureKind, string>> = {
  conflict: 'Try again.',
  disconnected: 'Check that the database runs and can be reached, then try again.',
  timeout:
    'Try again. If it stays so: look for long transactions in pg_stat_activity, and for a pool that is too small.',
  missing: 'Call `await igny8.start()`, or `await storage.migrate()`, before anything else.',
  other: 'Look at the cause. If it comes from the SDK itself, please report it.',
}

/**
 * Anything thrown by a driver as an `Igny8Error`. What the database says of the data in question stays out of it: its `detail` and
 * `where` quote rows.
 */
export function describeDatabaseError(error: unknown, effect: Effect = 'none'): Igny8Error {
  if (isIgny8Error(error)) return error
  const kind = kindOfFailure(error)
  const state = sqlStateOf(error)
  return new Igny8Error({
    code: kind === 'missing' ? 'STORAGE_NOT_MIGRATED' : 'STORAGE_FAILED',
    message:
      effect === 'unknown'
        ? 'The answer to a commit was lost, and nobody could tell what became of it.'
        : messages[kind],
    hint: effect === 'unknown' ? 'Read what was to be written before writing it again.' : hints[kind],
    retryable: effect === 'none' && kind !== 'missing' && kind !== 'other',
    effect,
    details: state === undefined ? {} : { sqlState: state },
    cause: scrub(error, state),
  })
}

/** The same failure without what may quote data. */
function scrub(error: unknown, state: string | undefined): Error {
  const isHarmless = error instanceof Error && (state === undefined || harmlessClasses.has(state.slice(0, 2)))
  const cause = new Error(isHarmless ? error.message : `The database answered with ${state ?? 'no error of its own'}.`)
  for (const name of ['code', 'constraint', 'table', 'routine'] as const) {
    const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined
    if (typeof value === 'string') Reflect.set(cause, name, value)
  }
  return cause
}

function isReadTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout'
}
