import { httpError } from './problem.ts'

/**
 * Throws for a write that another website may have had a browser send: with cookies only JSON passes, which no form can send, and only from the same host, where the
 * browser says from where. Whoever sends a key of their own in a header needs none of that.
 */
export function refuseCrossSite(request: Request, trustedOrigins: readonly string[]): void {
  if (request.method === 'GET' || request.method === 'HEAD' || !request.headers.has('cookie')) return
  if (!isJson(request)) throw refused('A write with cookies must be JSON.')
  const origin = request.headers.get('origin')
  if (origin !== null && !isSameHost(origin, request.url) && !trustedOrigins.includes(origin))
    throw refused('The request comes from another website.')
  const from = request.headers.get('sec-fetch-site')
  if (origin === null && from !== null && from !== 'same-origin' && from !== 'none')
    throw refused('The request comes from another website.')
}

/** Whether a body says that it is JSON. */
export function isJson(request: Request): boolean {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  return type === 'application/json'
}

/** By the host alone: behind a proxy that ends TLS the scheme is another. */
function isSameHost(origin: string, url: string): boolean {
  return URL.parse(origin)?.host === new URL(url).host
}

function refused(message: string) {
  return httpError('CROSS_SITE_REFUSED', {
    message,
    hint: 'Send it from the application itself, as application/json; a trusted origin is named in trustedOrigins.',
  })
}
