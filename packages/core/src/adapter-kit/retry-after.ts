/**
 * Milliseconds that a `Retry-After` header asks for: delta-seconds or an HTTP date (RFC 9110, 10.2.3); `undefined` for anything else.
 * A date in the past is 0.
 */
export function parseRetryAfter(header: string | null, now: Date): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  if (!/^[A-Z][a-z]{2},? /.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}
