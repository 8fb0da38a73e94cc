import { Igny8Error, isIgny8Error } from '@igny8/core'

/**
 * Any failure of pg-boss or its database as an `Igny8Error` with the failure as its cause; messages of databases quote the data in them, so
 * they stay there.
 */
export function mapBossToError(error: unknown): Igny8Error {
  if (isIgny8Error(error)) return error
  const code = (error as { code?: unknown } | undefined)?.code
  return new Igny8Error({
    code: 'STORAGE_FAILED',
    message: 'The database of the job queue failed.',
    hint: 'Look at the cause: is the database up, and may its user create the schema of the queue?',
    retryable: true,
    effect: 'unknown',
    details: typeof code === 'string' ? { sqlState: code } : {},
    cause: error,
  })
}
