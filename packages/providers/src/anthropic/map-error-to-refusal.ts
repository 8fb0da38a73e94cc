import type { z } from 'zod'
import type { VendorRefusal } from '../vendor-failure.ts'
import type { errorBodySchema } from './anthropic-schemas.ts'

const kinds: Readonly<Record<string, NonNullable<VendorRefusal['kind']>>> = {
  authentication_error: 'auth',
  billing_error: 'quota',
  permission_error: 'permission',
  not_found_error: 'notFound',
  rate_limit_error: 'rate',
  overloaded_error: 'overloaded',
  invalid_request_error: 'input',
  request_too_large: 'input',
  api_error: 'failed',
  timeout_error: 'failed',
}

/** Reads an error body of Anthropic. A credit that is used up comes as an invalid request that says so. */
export function mapErrorToRefusal(body: z.infer<typeof errorBodySchema> | undefined): VendorRefusal {
  const { type = null, message = null } = body?.error ?? {}
  if (message !== null && /credit balance is too low/i.test(message)) return { kind: 'quota', code: type, message }
  const kind = kinds[type ?? '']
  return { code: type, message, ...(kind === undefined ? {} : { kind }) }
}
