import { isIP } from 'node:net'
import { Igny8Error } from '../errors/igny8-error.ts'
import { isPublicAddress } from './address-policy.ts'

/** Finds every address of a host name. */
export type Lookup = (hostname: string) => Promise<readonly { readonly address: string; readonly family: number }[]>

/** Failures of the name servers, not answers: of the system's resolver, then of c-ares. */
const temporaryLookupCodes = new Set(['EAI_AGAIN', 'ESERVFAIL', 'ETIMEOUT', 'ECONNREFUSED'])

/** Decides where requests may go. */
export interface OutboundPolicy {
  /** Parses and checks all that the URL itself tells. Throws `OUTBOUND_REFUSED`. */
  checkUrl(url: string, withCredentials: boolean): URL
  /** Resolves once and checks every address. Throws `OUTBOUND_REFUSED`, `HOST_NOT_FOUND`. */
  resolve(url: URL): Promise<readonly { readonly address: string; readonly family: number }[]>
}

export function createOutboundPolicy(options: {
  readonly allow: readonly string[]
  readonly lookup: Lookup
}): OutboundPolicy {
  const allowed = new Set(options.allow.map(readOrigin))
  return {
    checkUrl(text, withCredentials) {
      const url = URL.parse(text)
      if (url === null) throw refused('The address is not a URL.', 'Correct the address.')
      if (url.protocol !== 'https:' && url.protocol !== 'http:')
        throw refused(`Addresses of ${url.protocol} are not fetched.`, 'Use an https address.')
      if (url.username !== '' || url.password !== '')
        throw refused(
          'The address carries a user name or password.',
          'Take them out of the address and pass them as credentials.',
        )
      if (allowed.has(url.origin)) return url
      if (url.port !== '') throw refused(`Port ${url.port} is not fetched from.`, allowHint(url))
      if (url.protocol === 'http:' && withCredentials)
        throw refused(
          'Credentials are not sent over plain http.',
          `Use https, or for a site of your own: ${allowHint(url)}`,
        )
      return url
    },
    async resolve(url) {
      const host = url.hostname.replace(/^\[|\]$/g, '')
      const literal = isIP(host)
      const addresses = literal === 0 ? await lookUp(options.lookup, host) : [{ address: host, family: literal }]
      if (allowed.has(url.origin)) return addresses
      if (addresses.every(({ address }) => isPublicAddress(address))) return addresses
      throw refused(`${url.hostname} leads to an address that is not public.`, allowHint(url))
    },
  }
}

async function lookUp(
  lookup: Lookup,
  host: string,
): Promise<readonly { readonly address: string; readonly family: number }[]> {
  const addresses = await lookup(host).catch((cause: unknown) => {
    throw hostNotFound(host, cause)
  })
  if (addresses.length === 0) throw hostNotFound(host, undefined)
  return addresses
}

function hostNotFound(host: string, cause: unknown): Igny8Error {
  const temporary = temporaryLookupCodes.has((cause as { code?: string } | undefined)?.code ?? '')
  return new Igny8Error({
    code: 'HOST_NOT_FOUND',
    message: temporary ? `The host "${host}" cannot be looked up now.` : `There is no host "${host}".`,
    hint: temporary
      ? 'Try again; if it stays so, check the name servers of this machine and of the domain.'
      : 'Check the address for a typing error, and that the domain is still registered.',
    retryable: temporary,
    details: { host },
    ...(cause === undefined ? {} : { cause }),
  })
}

function readOrigin(text: string): string {
  const url = URL.parse(text)
  if (url !== null && url.origin !== 'null' && url.pathname === '/' && url.search === '') return url.origin
  throw new Igny8Error({
    code: 'INVALID_INPUT',
    message: 'outbound.allow: names something that is not an origin.',
    hint: "Give scheme, host and port only, such as 'http://localhost:8080'.",
    details: { field: 'outbound.allow' },
  })
}

function allowHint(url: URL): string {
  return `If this address is yours, add its origin in createIgny8: outbound: { allow: ['${url.origin}'] }`
}

function refused(message: string, hint: string): Igny8Error {
  return new Igny8Error({ code: 'OUTBOUND_REFUSED', message, hint })
}
