import { type Effect, Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'

/** What a failed attempt was about, without header, query or credential. */
export interface FailedAttempt {
  /** Origin and path. */
  readonly place: string
  readonly host: string
  readonly unsafe: boolean
  readonly timeoutMs: number
  readonly timedOut: boolean
  readonly cancelled: boolean
  /** The reason of the caller's signal: an error of ours in it says nothing about the request. */
  readonly abortReason?: unknown
}

/** Codes of failures that come before anything is sent. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_CLOSED',
])

/** Whatever fetch threw, as one of the codes of `HttpClient`. */
export function describeFetchFailure(error: unknown, attempt: FailedAttempt): Igny8Error {
  const chain = causesOf(error)
  const known = chain.find((cause) => isIgny8Error(cause) && cause !== attempt.abortReason)
  if (isIgny8Error(known)) return known
  const code =
    chain
      .map((cause) => (cause as { code?: unknown }).code)
      .find((value): value is string => typeof value === 'string') ?? ''
  const sent = !beforeSending.has(code) && !isBadCertificate(code)
  const effect: Effect = attempt.unsafe && sent ? 'unknown' : 'none'
  const details = { place: attempt.place, systemCode: code }
  if (attempt.cancelled)
    return new Igny8Error({
      code: 'CANCELLED',
      message: `The request to ${attempt.host} was cancelled.`,
      hint: 'Start again when it suits.',
      retryable: true,
      effect,
      details,
    })
  if (attempt.timedOut) {
    return new Igny8Error({
      code: 'TIMEOUT',
      message: `${attempt.host} did not answer completely within ${attempt.timeoutMs} ms.`,
      hint: 'Try again; if it stays so, ask the host of the site why it is slow.',
      retryable: true,
      effect,
      details,
    })
  }
  if (isBadCertificate(code)) {
    return new Igny8Error({
      code: 'TLS_FAILED',
      message: `The certificate of ${attempt.host} cannot be trusted (${code}).`,
      hint: 'Renew or correct the certificate of the site; open the address in a browser to see what is wrong.',
      effect,
      details,
    })
  }
  if (isTls(code)) {
    return new Igny8Error({
      code: 'TLS_FAILED',
      message: `No encrypted connection to ${attempt.host} comes about (${code}).`,
      hint: 'Check that the site speaks https at this address and port.',
      effect,
      details,
    })
  }
  return new Igny8Error({
    code: 'CONNECTION_FAILED',
    message: `The connection to ${attempt.host} failed${code === '' ? '' : ` (${code})`}.`,
    hint:
      code === 'ECONNREFUSED'
        ? 'Nothing listens there: check the address and port, and that the site is up.'
        : 'Try again; if it stays so, check that the site is up.',
    retryable: true,
    effect,
    details,
    cause: error instanceof Error ? new Error(error.name) : undefined,
  })
}

/** Certificates are checked before anything is sent. */
function isBadCertificate(code: string): boolean {
  return /^(CERT_|CRL_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)$)/.test(
    code,
  )
}

/** These can also come in the middle of a connection. */
function isTls(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|EPROTO$)/.test(code)
}

function causesOf(error: unknown): readonly Error[] {
  const chain: Error[] = []
  let next = error
  while (next instanceof Error && chain.length < 8) {
    chain.push(next)
    const nested = (next as { errors?: readonly unknown[] }).errors?.[0]
    next = next.cause ?? nested
  }
  return chain
}
