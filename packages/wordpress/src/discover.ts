import type { Clock, HttpClient, HttpResponse, Secret } from '@igny8/core'
import { Igny8Error, isIgny8Error } from '@igny8/core/adapter-kit'
import type * as z from 'zod'
import { buildRestUrl, isPlainRoot } from './build-rest-url.ts'
import { hideSecret } from './credentials.ts'
import { refusesCredential } from './diagnose-authentication.ts'
import { diagnose } from './diagnosis.ts'
import { errorBodySchema, mapAnswerToError } from './map-answer-to-error.ts'
import { normaliseWordPressUrl } from './normalise-url.ts'
import { readAnswer, type SiteAnswer } from './read-answer.ts'
import { readServerTime } from './wordpress-client.ts'
import { rootSchema } from './wordpress-schemas.ts'

/** The root of a site's REST API, found and read. */
export interface DiscoveredSite {
  readonly apiRoot: string
  readonly root: z.infer<typeof rootSchema>
  /** The API answers under `?rest_route=` only. */
  readonly plainPermalinks: boolean
  /** Server clock minus ours. */
  readonly clockSkewMs: number
}

export interface DiscoverInput {
  readonly http: HttpClient
  readonly clock: Clock
  readonly url: string
  /** Tried where the site answers nobody else. */
  readonly credential: Secret | null
  readonly signal: AbortSignal | undefined
}

/** The parts of the root that are read; all routes of a site would be hundreds of kilobytes. */
const rootFields = 'name,home,gmt_offset,timezone_string,namespaces,authentication'
const timeoutMs = 20_000
const attempts = 2

interface Probe {
  readonly response: HttpResponse
  readonly answer: SiteAnswer
}

/**
 * Finds the REST API: at `/wp-json/`, where the site's own `Link` header points, or at `?rest_route=/`. Asks as anybody first, so that a
 * redirect never sees the credential.
 *
 * Throws a diagnosis.
 */
export async function discoverSite(input: DiscoverInput): Promise<DiscoveredSite> {
  const first = await tryRoot(input, `${input.url}/wp-json/`)
  if (first.site !== null) return first.site
  if (asksForPause(first.probe)) throw await explain(input, first.probe, first.probe)
  const home = await probe(input, `${input.url}/`, null)
  const named = readApiLink(home.response)
  const candidates = [named, `${input.url}/?rest_route=/`].filter(
    (root) => root !== null && sameOrigin(root, input.url),
  )
  let last = first.probe
  for (const candidate of new Set(candidates)) {
    const tried = await tryRoot(input, candidate ?? '')
    if (tried.site !== null) return refuseOtherPath(input, tried.site)
    // An answer of WordPress itself says more than a page about nothing being there.
    if (tried.probe.answer.kind === 'json') last = tried.probe
  }
  throw await explain(input, last, home)
}

/** Any path of a site answers `?rest_route=`: what the site calls its home is where it lives, or it would be connected twice under two addresses. */
function refuseOtherPath(input: DiscoverInput, site: DiscoveredSite): DiscoveredSite {
  const { home } = site.root
  if (!URL.canParse(home) || !sameOrigin(home, input.url)) return site
  if (withoutSlash(new URL(home).pathname) === withoutSlash(new URL(input.url).pathname)) return site
  throw redirected(input, new URL(input.url).host, home)
}

async function tryRoot(
  input: DiscoverInput,
  apiRoot: string,
): Promise<{ readonly site: DiscoveredSite | null; readonly probe: Probe }> {
  const url = buildRestUrl(apiRoot, '', { _fields: rootFields })
  const anonymous = await probe(input, url, null)
  refuseRedirect(input, url, anonymous)
  const { status } = anonymous.response
  const isClosed = (status === 401 || status === 403) && input.credential !== null
  const found = isClosed ? await probe(input, url, input.credential) : anonymous
  const root =
    found.answer.kind === 'json' && isSuccess(found.response) ? rootSchema.safeParse(found.answer.value) : null
  if (root?.success !== true || !root.data.namespaces.includes('wp/v2')) return { site: null, probe: found }
  const now = input.clock.now()
  const clockSkewMs = (readServerTime(found.response.headers) ?? now).getTime() - now.getTime()
  const site = { apiRoot, root: root.data, plainPermalinks: isPlainRoot(apiRoot), clockSkewMs }
  return { site, probe: found }
}

async function probe(input: DiscoverInput, url: string, credential: Secret | null): Promise<Probe> {
  try {
    const response = await input.http.request({
      method: 'GET',
      url,
      headers: { accept: 'application/json, text/html;q=0.5' },
      redirects: 'follow',
      timeoutMs,
      attempts,
      signal: input.signal,
      ...(credential === null ? {} : { authorization: { scheme: 'Basic', secret: credential } }),
    })
    return { response, answer: readAnswer(response) }
  } catch (error) {
    throw explainTransport(input.url, error)
  }
}

const transportCodes = ['HOST_NOT_FOUND', 'CONNECTION_FAILED', 'TLS_FAILED', 'TIMEOUT'] as const

/** What keeps us from the host itself, in the words of somebody who connects a site. Other errors pass. */
export function explainTransport(url: string, error: unknown): unknown {
  if (!isIgny8Error(error)) return error
  const { host } = new URL(url)
  const more = { retryable: error.retryable, effect: error.effect, cause: error }
  if (error.code === 'REDIRECT_REFUSED') {
    const target = String(error.details.target ?? 'another address')
    if (!URL.canParse(target) || !sameOrigin(target, url)) return diagnose('REDIRECTED', { host, target }, more)
    return diagnose('REST_BLOCKED', { reason: `the site sends them on to ${target}` }, more)
  }
  const code = transportCodes.find((candidate) => candidate === error.code)
  return code === undefined ? error : diagnose(code, { host }, more)
}

/** A site that moves its visitors elsewhere lives there: requests that write would not be moved along. */
function refuseRedirect(input: DiscoverInput, requested: string, { response, answer }: Probe): void {
  const from = new URL(requested)
  const reached = new URL(response.url)
  if (/\/wp-login\.php$/.test(reached.pathname)) throw blocked('it shows a login page to visitors')
  const isRoot = answer.kind === 'json' && isSuccess(response)
  if (reached.origin === from.origin && (!isRoot || withoutSlash(reached.pathname) === withoutSlash(from.pathname)))
    return
  if (isRoot || withoutWww(reached.hostname) === withoutWww(from.hostname))
    throw redirected(input, from.host, response.url)
  throw blocked(`it sends visitors on to ${reached.host}`)
}

/** The address to enter instead. A long or encoded path is no folder that WordPress lives in, and may repeat what was sent. */
function redirected({ credential }: DiscoverInput, host: string, reached: string): Igny8Error {
  const target = normaliseWordPressUrl(reached)
  const shown = /^(\/[\w.-]{1,40}){0,3}$/.test(new URL(target).pathname.replace(/\/$/, ''))
    ? target
    : new URL(target).origin
  return diagnose('REDIRECTED', { host, target: hideSecret(shown, credential?.reveal() ?? '') })
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '')
}

function withoutWww(host: string): string {
  return host.replace(/^www\./, '')
}

/** Why no root was found, by what did answer. */
async function explain(input: DiscoverInput, last: Probe, home: Probe): Promise<Igny8Error> {
  const { response, answer } = last
  const { status } = response
  const { host } = new URL(input.url)
  if (!sameOrigin(home.response.url, input.url)) return redirected(input, host, home.response.url)
  if (answer.kind === 'json' && (status === 401 || status === 403)) {
    const said = errorBodySchema.safeParse(answer.value).data?.code ?? ''
    const code = hideSecret(said, input.credential?.reveal() ?? '').slice(0, 60)
    if (input.credential !== null && (await refusesCredential({ ...input, credential: input.credential }, code))) {
      return diagnose('AUTH_FAILED', { status, wordpressCode: code })
    }
    return blocked(`it is closed by a plugin (${status}${code === '' ? '' : `, ${code}`})`, { status })
  }
  if (status === 401) return blocked('the web server asks for a password of its own (401)', { status })
  if (answer.kind === 'maintenance' || home.answer.kind === 'maintenance') {
    return blocked('the site is in maintenance', { status }, true)
  }
  if (answer.kind === 'login-page' && isSuccess(response))
    return blocked('it shows a login page to visitors', { status })
  if (status === 403 || status === 406)
    return blocked(`a firewall or security plugin refuses it (${status})`, { status })
  if (status === 429) return blocked('the site asks to slow down (429)', { status }, true)
  if (status >= 500) {
    return new Igny8Error({
      code: 'REMOTE_FAILED',
      message: `The site failed with ${status}.`,
      hint: 'Try again in some minutes. If it stays so, look into the site’s PHP error log.',
      retryable: true,
      details: { status },
    })
  }
  if (answer.kind === 'wrong-charset' && isSuccess(response)) {
    return mapAnswerToError({ status, answer, isWrite: false, route: '', hide: (text) => text })
  }
  if (looksLikeWordPress(home)) return blocked(`it is switched off or hidden (${status})`, { status })
  return diagnose('NOT_WORDPRESS', { host, status })
}

function blocked(reason: string, details: Readonly<Record<string, number>> = {}, retryable = false): Igny8Error {
  return diagnose('REST_BLOCKED', { reason, ...details }, { retryable })
}

/** `Link: <https://site/wp-json/>; rel="https://api.w.org/"`, anywhere among other links. */
function readApiLink({ headers }: Pick<HttpResponse, 'headers'>): string | null {
  for (const [, url = '', parameters = ''] of (headers.get('link') ?? '').matchAll(/<([^<>]*)>([^<]*)/g)) {
    const isApi = /;\s*rel\s*=\s*(?:"\s*)?https:\/\/api\.w\.org\/?(?=["\s;,]|$)/i.test(parameters)
    if (isApi && URL.canParse(url)) return url
  }
  return null
}

function looksLikeWordPress(home: Probe): boolean {
  if (readApiLink(home.response) !== null) return true
  const page = home.response.text().slice(0, 200_000)
  return /\/wp-(?:content|includes)\/|<meta name="generator" content="WordPress/i.test(page)
}

/** Then nothing more is asked, which would only be refused or lengthen the pause. */
function asksForPause({ response }: Probe): boolean {
  return response.status === 429 || (response.status === 503 && response.headers.has('retry-after'))
}

function isSuccess(response: HttpResponse): boolean {
  return response.status >= 200 && response.status < 300
}

function sameOrigin(one: string, other: string): boolean {
  return new URL(one).origin === new URL(other).origin
}
