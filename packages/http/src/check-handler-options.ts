import { Igny8Error } from '@igny8/core'

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
    throw invalid('igny8', 'is missing', 'Pass what createIgny8 returns first.')
  const unknown = Object.keys(options).find((name) => !known.has(name))
  if (unknown !== undefined) throw invalid(unknown, 'is no option', `Options are: ${[...known].join(', ')}.`)
  if (typeof options.authenticate !== 'function')
    throw invalid('authenticate', 'is missing', 'Pass a function that says whose account a request is for.')
}

function invalid(field: string, problem: string, hint: string): Igny8Error {
  return new Igny8Error({ code: 'INVALID_INPUT', message: `${field}: ${problem}.`, hint, details: { field } })
}
