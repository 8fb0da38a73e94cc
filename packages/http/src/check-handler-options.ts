import { assertKnownOptions, invalidInput } from '@igny8/core/adapter-kit'

const known = new Set([
  'authenticate',
  'clientAddress',
  'basePath',
  'maxBodyBytes',
  'platform',
  'docs',
  'trustedOrigins',
  'idempotency',
  'clock',
  'logger',
  'onAnswer',
])

/** What would otherwise fail at each request, or pass unseen. Throws `INVALID_INPUT`. */
export function checkHandlerOptions(igny8: unknown, given: unknown): void {
  const options = (given ?? {}) as { readonly authenticate?: unknown }
  if (typeof (igny8 as { readonly forAccount?: unknown } | undefined)?.forAccount !== 'function')
    throw invalidInput('igny8', 'is missing.', 'Pass what createIgny8 returns first.')
  assertKnownOptions(options, known)
  if (typeof options.authenticate !== 'function')
    throw invalidInput('authenticate', 'is missing.', 'Pass a function that says whose account a request is for.')
}
