import type { HttpResponse, Secret } from '@igny8/core'
import { type Effect, Igny8Error, parseRetryAfter } from '@igny8/core/adapter-kit'

/** What a vendor's refusal was read as. Without a `kind` the status alone decides. */
export interface VendorRefusal {
  readonly kind?:
    | 'auth'
    | 'permission'
    | 'quota'
    | 'rate'
    | 'moderation'
    | 'input'
    | 'notFound'
    | 'overloaded'
    | 'failed'
  /** The vendor's own code. */
  readonly code: string | null
  readonly message: string | null
  /** Where the status does not tell. @default by the status */
  readonly effect?: Effect
}

/** A refusal with its circumstances. */
export interface FailedAnswer {
  /** The vendor's name, for a person. */
  readonly vendor: string
  readonly answer: Pick<HttpResponse, 'status' | 'headers'>
  readonly refusal: VendorRefusal
  readonly apiKey: Secret
  readonly now: Date
}

type Kind = NonNullable<VendorRefusal['kind']>

const kinds: Readonly<Record<Kind, { readonly code: string; readonly retryable: boolean; readonly hint: string }>> = {
  auth: { code: 'AUTH_FAILED', retryable: false, hint: 'Enter the API key again, or make a new one in the console.' },
  permission: {
    code: 'PERMISSION_DENIED',
    retryable: false,
    hint: 'Give the key the right to use this model, or use a key of another project.',
  },
  quota: {
    code: 'QUOTA_EXHAUSTED',
    retryable: false,
    hint: 'Add credit or raise the spending limit in the vendor’s console.',
  },
  rate: { code: 'RATE_LIMITED', retryable: true, hint: 'Wait as long as the vendor asks, then try again.' },
  moderation: { code: 'CONTENT_REFUSED', retryable: false, hint: 'Word the prompt differently.' },
  input: { code: 'INVALID_INPUT', retryable: false, hint: 'Correct what the message names and try again.' },
  notFound: {
    code: 'REMOTE_NOT_FOUND',
    retryable: false,
    hint: 'Check the name of the model, and that the key may use it.',
  },
  overloaded: { code: 'OVERLOADED', retryable: true, hint: 'Try again later, or use another provider.' },
  failed: { code: 'REMOTE_FAILED', retryable: true, hint: 'Try again later; look at the vendor’s status page.' },
}

/** The error for an answer that is not 2xx, or that turned into an error in its midst. No header, no key and nothing of the vendor's own objects is in it. */
export function mapRefusalToError({ vendor, answer, refusal, apiKey, now }: FailedAnswer): Igny8Error {
  const { status } = answer
  const isBroken = status < 300
  const kind = refusal.kind ?? (isBroken ? 'failed' : kindOfStatus(status))
  const { code, retryable, hint } = kinds[kind]
  const retryAfterMs = parseRetryAfter(answer.headers.get('retry-after'), now)
  const quoted = kind === 'auth' ? '' : quote(refusal.message, apiKey)
  return new Igny8Error({
    code,
    message: `${vendor} ${isBroken ? 'failed in its answer' : `refused with ${status}`}${quoted === '' ? '.' : `: ${quoted}`}`,
    hint,
    retryable,
    effect: refusal.effect ?? (isBroken ? 'unknown' : effectOfStatus(status, retryAfterMs)),
    retryAfterMs,
    details: { status, vendor, vendorCode: refusal.code === null ? null : quote(refusal.code, apiKey) },
  })
}

function kindOfStatus(status: number): Kind {
  if (status === 401) return 'auth'
  if (status === 402) return 'quota'
  if (status === 403) return 'permission'
  if (status === 404 || status === 410) return 'notFound'
  if (status === 429) return 'rate'
  if (status === 503 || status === 529) return 'overloaded'
  if (status === 408 || status >= 500) return 'failed'
  return 'input'
}

/** A request that was refused as such was not worked on, so nothing was billed; after a failure in the midst nobody knows. */
function effectOfStatus(status: number, retryAfterMs: number | undefined): Effect {
  if (status === 529 || (status === 503 && retryAfterMs !== undefined)) return 'none'
  return status === 408 || status === 409 || status >= 500 ? 'unknown' : 'none'
}

/** A sentence of the vendor's, on one line, without anything that looks like a key. */
export function quote(text: string | null, apiKey: Secret): string {
  const withoutKey = (text ?? '').replaceAll(apiKey.reveal(), '[secret]')
  // Vendors repeat keys in part, between stars or dots.
  const withoutParts = withoutKey.replace(/\b[\w-]*\*{2,}[\w*-]*|\b(?:sk|key|pk)-[\w.*…-]{4,}/g, '[secret]')
  return withoutParts
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)
}

/** The error for a 2xx whose content is not what the vendor documents. The work may have been done and billed. */
export function malformedAnswer(vendor: string, problem: string): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_MALFORMED',
    message: `${vendor} answered with something else than it documents: ${problem}`,
    hint: 'Check that the base URL leads to the vendor and not to a proxy or a login page; then try again.',
    retryable: true,
    effect: 'unknown',
    details: { vendor },
  })
}
