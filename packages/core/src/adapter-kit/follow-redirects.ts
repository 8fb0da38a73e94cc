import { Igny8Error } from '../errors/igny8-error.ts'
import type { HttpRequest, HttpResponse } from '../ports/http-client.ts'
import type { Transport } from './create-transport.ts'
import type { OutboundPolicy } from './outbound-policy.ts'
import { isSafe } from './repeat-rule.ts'

const defaultMaxRedirects = 3

/** One attempt, redirects included, each hop checked. Credentials stay on the first origin. */
export async function followRedirects(
  tools: {
    readonly policy: OutboundPolicy
    readonly transport: Transport
    /** Resolves when the host may be asked. */
    readonly pass: (host: string) => Promise<void>
  },
  request: HttpRequest,
): Promise<HttpResponse> {
  const { policy, transport, pass } = tools
  const carriesSecret = request.authorization !== undefined || request.secretHeaders !== undefined
  const maxHops = request.redirects === 'follow' ? (request.maxRedirects ?? defaultMaxRedirects) : 0
  const first = policy.checkUrl(request.url, carriesSecret)
  let url = first
  for (let hop = 0; ; hop++) {
    const withCredentials = carriesSecret && url.origin === first.origin
    await pass(url.host)
    const response = await transport.send(url, request, withCredentials)
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || response.status === 304 || location === null) return response
    const target = URL.parse(location, url.href)
    if (hop >= maxHops || target === null || !keepsMethod(request, response.status))
      throw redirectRefused(response.status, url, target, isSafe(request))
    url = policy.checkUrl(target.href, withCredentials && target.origin === first.origin)
  }
}

/** After a write only 307 and 308 ask for the same again; the others may mean that it was carried out. */
function keepsMethod({ method }: HttpRequest, status: number): boolean {
  return method === 'GET' || method === 'HEAD' || status === 307 || status === 308
}

function redirectRefused(status: number, from: URL, target: URL | null, safe: boolean): Igny8Error {
  // Without its path: that may repeat a token of the request.
  const to = target === null ? 'nowhere' : target.origin
  return new Igny8Error({
    code: 'REDIRECT_REFUSED',
    message: `${from.host} redirects to ${to}.`,
    hint: `Use the address that it redirects to: ${to}`,
    effect: safe ? 'none' : 'unknown',
    details: { status, target: to },
  })
}
