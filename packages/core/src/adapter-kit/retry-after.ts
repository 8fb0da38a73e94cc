/**
 * Milliseconds that a `Retry-After` header asks for: delta-seconds or an HTTP date in any of its three forms (RFC 9110, 10.2.3 and 5.6.7);
 * `undefined` for anything else. A date in the past is 0.
 */
export function parseRetryAfter(header: string | null, now: Date): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const date = readHttpDate(text, now)
  const ms = date === undefined ? Number.NaN : Date.parse(date) - now.getTime()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

/** As text that `Date.parse` reads the same everywhere: without a zone it would take the machine's. */
function readHttpDate(text: string, now: Date): string | undefined {
  if (/^[A-Z][a-z]{2},? \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|UTC|[+-]\d{4})$/.test(text)) return text
  const rfc850 = /^[A-Z][a-z]{5,8}, (\d\d)-([A-Z][a-z]{2})-(\d\d) (\d\d:\d\d:\d\d) GMT$/.exec(text)
  if (rfc850 !== null) {
    const year = 2_000 + Number(rfc850[3])
    // Two digits that seem more than 50 years ahead are of the past century.
    const century = year > now.getUTCFullYear() + 50 ? 100 : 0
    return `${rfc850[1]} ${rfc850[2]} ${year - century} ${rfc850[4]} GMT`
  }
  const asctime = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})$/.exec(text)
  if (asctime !== null) return `${asctime[2]} ${asctime[1]} ${asctime[4]} ${asctime[3]} GMT`
  return undefined
}
