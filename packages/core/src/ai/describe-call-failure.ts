import { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'

/** Whatever a provider threw. What is no error of ours says nothing about what the vendor did, and may quote the key. */
export function describeCallFailure(error: unknown): Igny8Error {
  if (isIgny8Error(error)) return error
  return new Igny8Error({
    code: 'REMOTE_FAILED',
    message: 'The AI provider failed in a way it does not describe.',
    hint: "Look at the vendor's status page; if it stays so, report it to the author of the provider.",
    effect: 'unknown',
    details: { error: error instanceof Error ? error.name : typeof error },
  })
}
