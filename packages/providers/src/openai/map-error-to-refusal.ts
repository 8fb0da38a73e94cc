import type { z } from 'zod'
import type { VendorRefusal } from '../vendor-failure.ts'
import type { errorBodySchema } from './openai-schemas.ts'

const kinds: Readonly<Record<string, Pick<VendorRefusal, 'kind' | 'effect'>>> = {
  insufficient_quota: { kind: 'quota' },
  billing_hard_limit_reached: { kind: 'quota' },
  billing_not_active: { kind: 'quota' },
  invalid_api_key: { kind: 'auth' },
  rate_limit_exceeded: { kind: 'rate' },
  content_policy_violation: { kind: 'moderation' },
  // It may be the finished image that was blocked.
  moderation_blocked: { kind: 'moderation', effect: 'unknown' },
  model_not_found: { kind: 'notFound' },
  server_error: { kind: 'failed' },
}

/** Reads an error body of OpenAI: its `code`, else its `type`, says more than the status. */
export function mapErrorToRefusal(body: z.infer<typeof errorBodySchema> | undefined): VendorRefusal {
  const { message = null, code, type } = body?.error ?? {}
  return { code: code ?? type ?? null, message, ...(kinds[code ?? ''] ?? kinds[type ?? '']) }
}
