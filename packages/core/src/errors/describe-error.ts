import { Igny8Error, isIgny8Error } from './igny8-error.ts'

/** Any thrown value as an `Igny8Error`; what is not one already becomes `code` with the thing as its cause. */
export function describeError(error: unknown, code: 'REMOTE_FAILED' | 'STORAGE_FAILED' = 'STORAGE_FAILED'): Igny8Error {
  if (isIgny8Error(error)) return error
  return new Igny8Error({
    code,
    message: 'An unexpected failure; the cause is attached.',
    hint: 'Look at the cause. If it comes from the SDK itself, please report it.',
    cause: error,
  })
}
